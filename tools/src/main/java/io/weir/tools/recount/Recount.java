package io.weir.tools.recount;

import io.weir.config.KafkaOptions;
import io.weir.tools.connect.CommandException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;

/**
 * Counts a range of the topic again, slice by slice, and compares each row with the stored one.
 *
 * <p>A slice is whole hours, so an hour is made of the minutes of its slice. Memory holds the
 * minutes of one slice, and the day that it belongs to.
 */
public final class Recount {

    private final RecountSettings settings;
    private final TopicReader topic;
    private final StoredRows stored;
    private final Map<RowTable, Long> keptSince;
    private final Map<RowTable, Map<RowKey, Tally>> counted = new EnumMap<>(RowTable.class);
    private final RowComparison comparison;
    private long requests;
    private long closedUntilMillis = Long.MAX_VALUE;

    private Recount(RecountSettings settings, TopicReader topic, StoredRows stored) {
        this.settings = settings;
        this.topic = topic;
        this.stored = stored;
        this.keptSince = stored.keptSince();
        this.comparison = new RowComparison(settings.limit());
        for (RowTable table : RowTable.values()) {
            counted.put(table, new HashMap<>());
        }
    }

    /**
     * Recounts the range that the settings name.
     *
     * @throws CommandException when Kafka cannot be read, or no longer has all of the range
     */
    public static RecountResult of(RecountSettings settings, KafkaOptions kafka, StoredRows stored)
            throws InterruptedException {
        RawTopic raw = RawTopic.ask(kafka);
        try (TopicReader topic = new TopicReader(raw, settings)) {
            topic.requireComplete(settings.range());
            return new Recount(settings, topic, stored).run();
        } catch (KafkaException e) {
            throw raw.failure(e);
        }
    }

    private RecountResult run() throws InterruptedException {
        for (TimeRange slice : settings.range().slices(settings.sliceLength())) {
            count(slice);
            for (RowTable table : RowTable.values()) {
                compare(table, slice);
            }
        }
        return result();
    }

    private void count(TimeRange slice) throws InterruptedException {
        SliceCounts counts = new SliceCounts(slice, settings.site());
        long closed = topic.read(counts);
        if (closed < slice.toMillis()) {
            closedUntilMillis = Math.min(closedUntilMillis, Math.max(closed, slice.fromMillis()));
        }
        requests += counts.counted();
        countedOf(RowTable.MINUTES).putAll(counts.minutes());
        rollUp(RowTable.MINUTES, RowTable.HOURS);
        rollUp(RowTable.HOURS, RowTable.DAYS);
    }

    private void rollUp(RowTable fine, RowTable coarse) {
        Map<RowKey, Tally> into = countedOf(coarse);
        countedOf(fine)
                .forEach(
                        (key, tally) ->
                                into.computeIfAbsent(
                                                new RowKey(
                                                        key.siteId(),
                                                        coarse.bucketOf(key.bucketMillis())),
                                                absent -> new Tally())
                                        .merge(tally));
    }

    /** Compares the buckets that end in the slice, and of which the range has the beginning. */
    private void compare(RowTable table, TimeRange slice) {
        long to = table.bucketOf(slice.toMillis());
        long from =
                Math.max(
                        table.bucketOf(slice.fromMillis()),
                        table.firstBucketFrom(
                                Math.max(settings.range().fromMillis(), keptSince(table))));
        Map<RowKey, Tally> ended = takeBefore(to, countedOf(table));
        if (from < to) {
            ended.keySet().removeIf(key -> key.bucketMillis() < from);
            comparison.compare(table, new TimeRange(from, to), stored, ended, closedUntilMillis);
        }
    }

    private static Map<RowKey, Tally> takeBefore(long bucketMillis, Map<RowKey, Tally> tallies) {
        Map<RowKey, Tally> taken = new HashMap<>(tallies);
        taken.keySet().removeIf(key -> key.bucketMillis() >= bucketMillis);
        tallies.keySet().removeAll(taken.keySet());
        return taken;
    }

    private RecountResult result() {
        Map<RowTable, Instant> keptFrom = new EnumMap<>(RowTable.class);
        for (RowTable table : RowTable.values()) {
            if (keptSince(table) > settings.range().fromMillis()) {
                keptFrom.put(table, Instant.ofEpochMilli(keptSince(table)));
            }
        }
        return new RecountResult(
                topic.records(),
                requests,
                comparison.compared(),
                comparison.shown(),
                comparison.differences(),
                closedUntilMillis == Long.MAX_VALUE
                        ? null
                        : Instant.ofEpochMilli(closedUntilMillis),
                comparison.open(),
                comparison.notWhole(),
                keptFrom);
    }

    private long keptSince(RowTable table) {
        return Objects.requireNonNull(keptSince.get(table));
    }

    private Map<RowKey, Tally> countedOf(RowTable table) {
        return Objects.requireNonNull(counted.get(table));
    }
}
