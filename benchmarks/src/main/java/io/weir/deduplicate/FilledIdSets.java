package io.weir.deduplicate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The sets of all groups and of some minutes, filled with random ids. */
public final class FilledIdSets {

    private static final int GROUPS = 720;

    private final List<IdSet> sets = new ArrayList<>();

    /** Makes {@code ids} of them, spread evenly over the groups and over so many minutes. */
    public FilledIdSets(int ids, int minutes) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < GROUPS * minutes; i++) {
            sets.add(new IdSet());
        }
        for (int i = 0; i < ids; i++) {
            sets.get(random.nextInt(sets.size())).add(random.nextLong(), random.nextLong());
        }
    }

    /** The bytes of all sets in a checkpoint. */
    public long serializedBytes() throws IOException {
        long bytes = 0;
        DataOutputSerializer out = new DataOutputSerializer(1 << 20);
        for (IdSet set : sets) {
            IdSetSerializer.INSTANCE.serialize(set, out);
            bytes += out.length();
            out.clear();
        }
        return bytes;
    }
}
