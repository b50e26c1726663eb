package io.weir.breakdown;

import io.weir.view.ViewKey;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A part of a site's requests in one hour by the keys of a view, from one subtask.
 *
 * @param hourMillis the hour's start, epoch milliseconds
 * @param topEntries how many keys a row lists
 * @param byKey what was counted under each key, never changed again
 */
@TypeInfo(BreakdownPartialSerializer.Types.class)
public record BreakdownPartial(
        int siteId, int viewId, long hourMillis, int topEntries, Map<ViewKey, Counts> byKey) {}
