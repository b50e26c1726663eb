package io.weir.ledger;

import io.weir.request.RejectReason;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/**
 * What an operator did with the records of each partition since it last said so, which it does
 * before each checkpoint and at the end: then nothing of it is lost, or said twice, when the job is
 * restored.
 */
public final class Tallies {

    /** Where operators send their tallies. */
    public static final OutputTag<Tally> TAG =
            new OutputTag<>("tallies", TypeInformation.of(Tally.class));

    private final String topic;
    private final Int2ObjectMap<OfPartition> partitions = new Int2ObjectOpenHashMap<>();

    public Tallies(String topic) {
        this.topic = topic;
    }

    public OfPartition of(int partition) {
        OfPartition tally = partitions.get(partition);
        if (tally == null) {
            tally = new OfPartition();
            partitions.put(partition, tally);
        }
        return tally;
    }

    /** What was done since the last call. */
    public List<Tally> take() {
        List<Tally> taken = new ArrayList<>();
        partitions.forEach((number, each) -> taken.add(each.toTally(topic, number)));
        partitions.clear();
        return taken;
    }

    /** What was done with the records of a partition. */
    public static final class OfPartition {

        private long firstOffset = Tally.NO_FIRST;
        private long lastOffset = Tally.NO_LAST;
        private long read;
        private long counted;
        private long duplicate;
        private long held;
        private long late;
        private final Map<String, Long> rejected = new HashMap<>();

        public void read(long offset) {
            read++;
            firstOffset = Math.min(firstOffset, offset);
            lastOffset = Math.max(lastOffset, offset);
        }

        public void counted() {
            counted++;
        }

        public void duplicate() {
            duplicate++;
        }

        public void held() {
            held++;
        }

        public void released() {
            held--;
        }

        public void late() {
            late++;
        }

        public void rejected(RejectReason reason) {
            rejected.merge(reason.code(), 1L, Long::sum);
        }

        private Tally toTally(String topic, int partition) {
            return new Tally(
                    topic,
                    partition,
                    firstOffset,
                    lastOffset,
                    read,
                    counted,
                    duplicate,
                    held,
                    late,
                    rejected);
        }
    }
}
