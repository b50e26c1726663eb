package io.weir.breakdown;

import io.weir.serialize.VariableLength;
import io.weir.sketch.VisitorHash;
import io.weir.sketch.VisitorSketch;
import io.weir.view.ViewKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A site's requests in a bucket by the keys of a view. At most {@link #KEYS_PER_ENTRY} keys for
 * each entry of a row are followed at a time, whatever a sender makes up.
 *
 * <p>Beyond that the half with the fewest requests is forgotten, and the most that one of them can
 * have had is remembered: so many may be missing from what is counted under a key that comes, or
 * comes again, afterwards. A key's requests are therefore never fewer than counted, and never more
 * than counted and {@link Followed#missed missed}. With N requests and room for k keys no key
 * misses more than 2 N / k. While there is room for all keys, all counts are exact, whatever the
 * order of the requests.
 *
 * <p>Source: J. Misra and D. Gries, Finding repeated elements, 1982; forgetting half at a time: D.
 * Anderson et al., A High-Performance Algorithm for Identifying Frequent Items in Data Streams,
 * 2017. Their counters, which decrease, are the number missed and counted less {@link
 * #forgottenMax}; here what was counted is kept, so that bounds are closer.
 */
@TypeInfo(BreakdownSerializer.Types.class)
public final class Breakdown {

    /** The newest format of {@link #write}. */
    static final byte FORMAT = 1;

    /** How many keys are followed for each that a row lists. */
    static final int KEYS_PER_ENTRY = 5;

    private static final Comparator<Entry<ViewKey, Followed>> BY_REQUESTS =
            Comparator.<Entry<ViewKey, Followed>>comparingLong(
                            entry -> entry.getValue().counts.requests())
                    .reversed()
                    .thenComparing(
                            entry -> entry.getKey().first(),
                            Comparator.nullsFirst(Comparator.naturalOrder()))
                    .thenComparing(
                            entry -> entry.getKey().second(),
                            Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Map<ViewKey, Followed> byKey = new HashMap<>();
    private final Counts total = new Counts();
    private VisitorSketch keys = new VisitorSketch();
    private int topEntries;
    private long forgottenMax;

    /** Adds a part. The order of parts does not matter while all keys are followed. */
    public void add(BreakdownPartial part) {
        topEntries = Math.max(topEntries, part.topEntries());
        part.byKey().forEach(this::add);
    }

    private void add(ViewKey key, Counts counts) {
        total.add(counts);
        Followed followed = byKey.get(key);
        if (followed == null) {
            if (byKey.size() >= KEYS_PER_ENTRY * topEntries) {
                forgetHalf();
            }
            byKey.put(key, new Followed(counts.copy(), forgottenMax));
            keys.add(hashOf(key));
        } else {
            followed.counts.add(counts);
        }
    }

    private static long hashOf(ViewKey key) {
        // the character 0 is in no key
        return VisitorHash.hashText(
                (key.first() == null ? "\0" : key.first())
                        + '\0'
                        + (key.second() == null ? "\0" : key.second()));
    }

    private void forgetHalf() {
        long[] most = byKey.values().stream().mapToLong(Followed::atMost).sorted().toArray();
        forgottenMax = most[(most.length - 1) / 2];
        Iterator<Followed> all = byKey.values().iterator();
        while (all.hasNext()) {
            if (all.next().atMost() <= forgottenMax) {
                all.remove();
            }
        }
    }

    /** What was counted of all keys, those included that are not followed. */
    public Counts total() {
        return total;
    }

    /** Whether every key is followed from its first request on. */
    public boolean isExact() {
        return forgottenMax == 0;
    }

    /** The distinct keys, those included that are not followed. */
    public VisitorSketch keys() {
        return keys;
    }

    /** The keys that a row lists: the most requests first, and of equal ones by their text. */
    public List<Entry<ViewKey, Followed>> entries() {
        return sorted().limit(topEntries).toList();
    }

    /** No key that a row does not list has more requests than this; 0 if it lists all. */
    public long unlistedMax() {
        return sorted().skip(topEntries)
                .mapToLong(entry -> entry.getValue().atMost())
                .reduce(forgottenMax, Math::max);
    }

    private Stream<Entry<ViewKey, Followed>> sorted() {
        return byKey.entrySet().stream().sorted(BY_REQUESTS);
    }

    Breakdown copy() {
        Breakdown copy = new Breakdown();
        byKey.forEach(
                (key, followed) ->
                        copy.byKey.put(key, new Followed(followed.counts.copy(), followed.missed)));
        copy.total.add(total);
        copy.keys.merge(keys);
        copy.topEntries = topEntries;
        copy.forgottenMax = forgottenMax;
        return copy;
    }

    void write(DataOutput out) throws IOException {
        out.writeByte(FORMAT);
        VariableLength.write(topEntries, out);
        VariableLength.write(forgottenMax, out);
        total.write(out);
        byte[] sketch = keys.toBytes();
        VariableLength.write(sketch.length, out);
        out.write(sketch);
        VariableLength.write(byKey.size(), out);
        for (Entry<ViewKey, Followed> entry : byKey.entrySet()) {
            KeyText.write(entry.getKey(), out);
            VariableLength.write(entry.getValue().missed, out);
            entry.getValue().counts.write(out);
        }
    }

    static Breakdown read(DataInput in) throws IOException {
        int format = in.readByte();
        if (format != FORMAT) {
            throw new IOException(
                    "a breakdown of format %d cannot be read: the state was written by a newer version, or is damaged"
                            .formatted(format));
        }
        Breakdown breakdown = new Breakdown();
        breakdown.topEntries = (int) VariableLength.read(in);
        breakdown.forgottenMax = VariableLength.read(in);
        breakdown.total.add(Counts.read(in));
        byte[] sketch = new byte[(int) VariableLength.read(in)];
        in.readFully(sketch);
        breakdown.keys = VisitorSketch.fromBytes(sketch);
        long size = VariableLength.read(in);
        for (long i = 0; i < size; i++) {
            ViewKey key = KeyText.read(in);
            long missed = VariableLength.read(in);
            breakdown.byKey.put(key, new Followed(Counts.read(in), missed));
        }
        return breakdown;
    }

    /** A key that is followed. */
    public static final class Followed {

        private final Counts counts;
        private final long missed;

        private Followed(Counts counts, long missed) {
            this.counts = counts;
            this.missed = missed;
        }

        /** What was counted since it has been followed. */
        public Counts counts() {
            return counts;
        }

        /** How many requests more it can have had before. */
        public long missed() {
            return missed;
        }

        private long atMost() {
            return counts.requests() + missed;
        }
    }
}
