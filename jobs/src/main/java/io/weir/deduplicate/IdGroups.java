package io.weir.deduplicate;

import io.weir.request.HttpRequest;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Divides requests by their ids into as many groups as there are key groups, one in each: every
 * subtask then has the same share of the ids, and no site is hot.
 */
public final class IdGroups implements KeySelector<HttpRequest, Integer> {

    private static final long serialVersionUID = 1;

    /** By group, a key that Flink assigns to the key group of that number. */
    private final Integer[] keys;

    public IdGroups(int maxParallelism) {
        keys = new Integer[maxParallelism];
        int found = 0;
        for (int key = 1; found < maxParallelism; key++) {
            int group = KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
            if (keys[group] == null) {
                keys[group] = key;
                found++;
            }
        }
    }

    @Override
    public Integer getKey(HttpRequest request) {
        return keys[groupOf(request)];
    }

    /** A request without an id goes anywhere. */
    int groupOf(HttpRequest request) {
        long spread =
                request.isIdentified()
                        ? request.idHigh()
                        : request.eventTimeMillis() * 0x9e3779b97f4a7c15L + request.siteId();
        return (int) Long.remainderUnsigned(spread, keys.length);
    }

    Integer keyOf(int group) {
        return keys[group];
    }

    int groupOfKey(int key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, keys.length);
    }
}
