package io.weir.tools.recount;

import io.weir.tools.connect.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;

/** Reads all partitions of a topic, as many at once as there are processors. */
final class TopicReader implements AutoCloseable {

    private final RawTopic topic;
    private final TopicOffsets offsets;
    private final List<PartitionReader> readers = new ArrayList<>();
    private final ExecutorService threads;

    TopicReader(RawTopic topic, RecountSettings settings) {
        this.topic = topic;
        this.offsets = new TopicOffsets(topic, settings.eventTime().maxAhead());
        int atOnce = Math.min(Runtime.getRuntime().availableProcessors(), topic.ends().size());
        this.threads = Executors.newFixedThreadPool(atOnce);
        for (int i = 0; i < atOnce; i++) {
            readers.add(
                    new PartitionReader(
                            topic.consumer(), settings.decoders().get(), settings.lateness()));
        }
    }

    /** As {@link TopicOffsets#requireComplete}. */
    void requireComplete(TimeRange range) {
        offsets.requireComplete(range);
    }

    /**
     * Counts the requests of a slice.
     *
     * @return the instant up to which all partitions have closed all minutes
     */
    long read(SliceCounts counts) throws InterruptedException {
        Queue<Section> sections = new ConcurrentLinkedQueue<>(offsets.sections(counts.slice()));
        List<Callable<Long>> work = new ArrayList<>();
        for (PartitionReader reader : readers) {
            work.add(() -> readAll(reader, sections, counts));
        }
        long closedUntil = Long.MAX_VALUE;
        for (Future<Long> done : threads.invokeAll(work)) {
            closedUntil = Math.min(closedUntil, result(done));
        }
        return closedUntil;
    }

    private static long readAll(
            PartitionReader reader, Queue<Section> sections, SliceCounts counts) {
        long closedUntil = Long.MAX_VALUE;
        for (Section next = sections.poll(); next != null; next = sections.poll()) {
            closedUntil =
                    Math.min(
                            closedUntil,
                            reader.read(
                                    next,
                                    counts.slice().toMillis(),
                                    (record, request) -> counts.add(request)));
        }
        return closedUntil;
    }

    private long result(Future<Long> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException failure) {
                throw topic.failure(failure);
            }
            if (e.getCause() instanceof CommandException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** How many records were read; one that two slices read counts twice. */
    long records() {
        return readers.stream().mapToLong(PartitionReader::records).sum();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        readers.forEach(PartitionReader::close);
        offsets.close();
    }
}
