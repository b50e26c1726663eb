package io.weir.intake;

import io.weir.request.ReadRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.clock.SystemClock;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions of one subtask by Flink's Kafka reader, and emits their watermarks and
 * whether they are idle.
 *
 * <p>The subtask itself is never idle: when all its partitions are, it follows the watermark of the
 * others by way of the enumerator. So no watermark downstream is ahead of the one that {@link
 * RouteRequests} sees, which can therefore send to the late topic, whole, whatever the windows
 * would refuse.
 *
 * <p>A {@code WatermarkGenerator} could not: it never learns which partition it is for, nor how far
 * that is read, until a record comes.
 *
 * <p>It fails the job for good, with the remedy, when Kafka no longer has the records that come
 * next, or the state is another topic's, be it of another name or of another {@link TopicIdentity}.
 * A restart would not bring them back. An enumerator that refused such a state would leave the job
 * running without partitions, as Flink loses a failure before the job is scheduled.
 */
final class RequestReader implements SourceReader<ReadRecord, KafkaPartitionSplit> {

    /** As often as Flink emits watermarks by default. */
    private static final long TICK_MILLIS = 200;

    private static final int TICKS_BETWEEN_QUESTIONS = 5;
    private static final int TICKS_BETWEEN_CHECKS_OF_TOPIC = 50;

    private final SourceReader<ReadRecord, KafkaPartitionSplit> reader;
    private final SourceReaderContext context;
    private final String topic;
    private final Lateness lateness;
    private final @Nullable Duration idleness;
    private final PartitionEnds ends;
    private final TopicIdentity identity;
    private final Map<String, PartitionWatermark> watermarks = new HashMap<>();
    private final long startedNanos = System.nanoTime();

    private CompletableFuture<Void> tick = nextTick();
    private @Nullable Outputs outputs;
    private long watermarkMillis = Long.MIN_VALUE;
    private long commonMillis = Long.MIN_VALUE;
    private @Nullable ReaderWatermark reported;
    private int questions;
    private int ticks;

    /**
     * @param idleness null when a partition never becomes idle
     */
    RequestReader(
            SourceReader<ReadRecord, KafkaPartitionSplit> reader,
            SourceReaderContext context,
            String topic,
            Lateness lateness,
            @Nullable Duration idleness,
            PartitionEnds ends,
            TopicIdentity identity) {
        this.reader = reader;
        this.context = context;
        this.topic = topic;
        this.lateness = lateness;
        this.idleness = idleness;
        this.ends = ends;
        this.identity = identity;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<ReadRecord> output) throws Exception {
        if (outputs == null) {
            outputs = new Outputs(output);
            output.markActive();
        }
        if (tick.isDone()) {
            tick = nextTick();
            onTick(output);
        }
        try {
            return reader.pollNext(outputs);
        } catch (Exception e) {
            throw ExceptionUtils.findThrowable(e, OffsetOutOfRangeException.class)
                    .<Exception>map(gone -> new SuppressRestartsException(refusal(gone, e)))
                    .orElse(e);
        }
    }

    private void onTick(ReaderOutput<ReadRecord> output) {
        if (++ticks % TICKS_BETWEEN_CHECKS_OF_TOPIC == 0) {
            identity.checkAgain();
        }
        watermarks.forEach(
                (split, watermark) -> watermark.onTick(output.createOutputForSplit(split)));
        watermarkMillis =
                Math.max(
                        watermarkMillis,
                        watermarks.values().stream()
                                .filter(watermark -> !watermark.isIdle())
                                .mapToLong(PartitionWatermark::emittedMillis)
                                .min()
                                .orElse(Long.MIN_VALUE));
        if (idleness != null) {
            follow(output);
            report();
        }
    }

    /** An idle reader has come as far as the others, or it would hold them back. */
    private void follow(ReaderOutput<ReadRecord> output) {
        if (commonMillis > watermarkMillis && isIdle()) {
            watermarkMillis = commonMillis;
            output.emitWatermark(new Watermark(commonMillis));
        }
    }

    /**
     * Reports at once what has changed, for a reader that is too far ahead of the others is not
     * polled before they know; an idle one asks now and then how far the others are.
     */
    private void report() {
        ReaderWatermark now = new ReaderWatermark(watermarkMillis, isIdle());
        if (!now.equals(reported) || now.isIdle() && questions++ % TICKS_BETWEEN_QUESTIONS == 0) {
            reported = now;
            context.sendSourceEventToCoordinator(now);
        }
    }

    private boolean isIdle() {
        return watermarks.isEmpty()
                ? hasWaitedForPartitions()
                : watermarks.values().stream().allMatch(PartitionWatermark::isIdle);
    }

    /** A subtask that has no partitions must not hold back the others. */
    private boolean hasWaitedForPartitions() {
        return idleness != null && System.nanoTime() - startedNanos >= idleness.toNanos();
    }

    private static CompletableFuture<Void> nextTick() {
        return new CompletableFuture<Void>()
                .completeOnTimeout(null, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static IllegalStateException refusal(OffsetOutOfRangeException gone, Exception e) {
        return new IllegalStateException(
                """
                Kafka no longer has the records that come next, at offsets %s: the state is older \
                than the topic's retention, or the topic was recreated. The job does not skip \
                them. To go on without them, start the job without state (no -s) with \
                --kafka.start-from earliest or day: buckets that it did not read from their \
                beginning are marked is_whole = false"""
                        .formatted(gone.offsetOutOfRangePartitions()),
                e);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        CompletableFuture<Void> available = reader.isAvailable();
        return available.isDone()
                ? available
                : CompletableFuture.anyOf(available, tick).thenAccept(any -> {});
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        for (KafkaPartitionSplit split : splits) {
            if (!split.getTopic().equals(topic)) {
                throw new SuppressRestartsException(otherTopic(split.getTopic()));
            }
            identity.check(split);
            watermarks.put(
                    split.splitId(),
                    new PartitionWatermark(
                            lateness,
                            idleness,
                            SystemClock.getInstance(),
                            position -> ends.after(split.getTopicPartition(), position),
                            Math.max(split.getStartingOffset(), PartitionWatermark.BEGINNING)));
        }
        reader.addSplits(splits);
    }

    private IllegalStateException otherTopic(String known) {
        return new IllegalStateException(
                """
                the state holds offsets of topic %1$s, but kafka.topic is %2$s: the job would go on \
                reading both. Resume with kafka.topic %1$s, or start without state (no -s)"""
                        .formatted(known, topic));
    }

    @Override
    public void start() {
        reader.start();
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
        return reader.snapshotState(checkpointId).stream().map(identity::identify).toList();
    }

    @Override
    public void notifyNoMoreSplits() {
        reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof CommonWatermark common) {
            commonMillis = common.millis();
        } else {
            reader.handleSourceEvents(event);
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        reader.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        reader.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void pauseOrResumeSplits(
            Collection<String> splitsToPause, Collection<String> splitsToResume) {
        splitsToPause.forEach(split -> watermarkOf(split).pause());
        splitsToResume.forEach(split -> watermarkOf(split).resume());
        reader.pauseOrResumeSplits(splitsToPause, splitsToResume);
    }

    @Override
    public void close() throws Exception {
        identity.close();
        ends.close();
        reader.close();
    }

    private PartitionWatermark watermarkOf(String split) {
        return Objects.requireNonNull(watermarks.get(split), split);
    }

    private static class Forwarding<O extends SourceOutput<ReadRecord>>
            implements SourceOutput<ReadRecord> {

        final O output;

        Forwarding(O output) {
            this.output = output;
        }

        @Override
        public void collect(ReadRecord record) {
            output.collect(record);
        }

        @Override
        public void collect(ReadRecord record, long timestamp) {
            output.collect(record, timestamp);
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            output.emitWatermark(watermark);
        }

        @Override
        public void markIdle() {
            output.markIdle();
        }

        @Override
        public void markActive() {
            output.markActive();
        }
    }

    private final class Outputs extends Forwarding<ReaderOutput<ReadRecord>>
            implements ReaderOutput<ReadRecord> {

        private Outputs(ReaderOutput<ReadRecord> output) {
            super(output);
        }

        @Override
        public SourceOutput<ReadRecord> createOutputForSplit(String split) {
            return new PartitionOutput(output.createOutputForSplit(split), watermarkOf(split));
        }

        @Override
        public void releaseOutputForSplit(String split) {
            watermarks.remove(split);
            output.releaseOutputForSplit(split);
        }
    }

    /** Shows every record to its partition's watermark. */
    private static final class PartitionOutput extends Forwarding<SourceOutput<ReadRecord>> {

        private final PartitionWatermark watermark;

        private PartitionOutput(SourceOutput<ReadRecord> output, PartitionWatermark watermark) {
            super(output);
            this.watermark = watermark;
        }

        @Override
        public void collect(ReadRecord record) {
            super.collect(record);
            watermark.onRecord(record, output);
        }

        @Override
        public void collect(ReadRecord record, long timestamp) {
            super.collect(record, timestamp);
            watermark.onRecord(record, output);
        }
    }
}
