package io.weir.exactness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.rig.Run;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Requests of which many are sent again, at once or later, to any partition, some of them late; and
 * what must become of them: an id is counted once if a copy is on time by its own partition's
 * clock, and otherwise all its copies are late.
 */
final class RepeatedRequests {

    private static final int REQUESTS = 4_000;
    private static final int SITES = 5;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long ALLOWED_LATENESS = Duration.ofMinutes(10).toMillis();
    private static final long OUT_OF_ORDERNESS = Duration.ofSeconds(10).toMillis();

    private final int partitions;
    private final List<Sent> sent = new ArrayList<>();
    private final Set<Integer> onTime = new HashSet<>();
    private final Map<Integer, Long> lateCopies = new HashMap<>();
    private final Map<String, Long> countedByMinute = new TreeMap<>();
    private long duplicatesOnTime;

    private record Sent(int id, long eventMillis, long sendMillis) {
        long minuteEnd() {
            return (eventMillis / MINUTE + 1) * MINUTE;
        }
    }

    RepeatedRequests(int partitions, Instant first, long seed) {
        this.partitions = partitions;
        Random random = new Random(seed);
        for (int id = 0; id < REQUESTS; id++) {
            long sendMillis = first.toEpochMilli() + id * 400L;
            boolean isLate = random.nextInt(20) == 0;
            long delay = isLate ? 11 * MINUTE + random.nextInt(60_000) : random.nextInt(5_000);
            Sent original = new Sent(id, sendMillis - delay, sendMillis);
            sent.add(original);
            while (random.nextInt(3) == 0) {
                long again = random.nextBoolean() ? random.nextInt(3_000) : random.nextInt(900_000);
                sent.add(new Sent(id, original.eventMillis(), sendMillis + again));
            }
        }
        sent.sort(Comparator.comparingLong(Sent::sendMillis));
        judge();
    }

    private void judge() {
        long[] clocks = new long[partitions];
        for (int i = 0; i < sent.size(); i++) {
            Sent each = sent.get(i);
            int partition = i % partitions;
            clocks[partition] =
                    Math.max(clocks[partition], Math.max(each.eventMillis(), each.sendMillis()));
            if (each.minuteEnd() + ALLOWED_LATENESS <= clocks[partition] - OUT_OF_ORDERNESS) {
                lateCopies.merge(each.id(), 1L, Long::sum);
            } else if (onTime.add(each.id())) {
                countedByMinute.merge(minuteOf(each), 1L, Long::sum);
            } else {
                duplicatesOnTime++;
            }
        }
    }

    private static String minuteOf(Sent each) {
        return site(each.id()) + " " + Instant.ofEpochMilli(each.minuteEnd() - MINUTE);
    }

    private static int site(int id) {
        return 1 + id % SITES;
    }

    RecordSource source() {
        List<OutgoingRecord> records = new ArrayList<>();
        for (Sent each : sent) {
            String json =
                    "{\"site_id\":%d,\"event_time\":%d,\"status_code\":200,\"request_id\":\"r%d\"}"
                            .formatted(site(each.id()), each.eventMillis(), each.id());
            records.add(
                    new OutgoingRecord(
                            json.getBytes(UTF_8), each.sendMillis(), "test", records.size() + 1));
        }
        return Run.of(records);
    }

    int copies() {
        return sent.size();
    }

    /** Site, minute and how many requests are counted there. */
    List<String> counted() {
        return countedByMinute.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }

    long duplicatesOnTime() {
        return duplicatesOnTime;
    }

    /** Late copies of ids of which none is on time. */
    long late() {
        return lateCopies.entrySet().stream()
                .filter(entry -> !onTime.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Late copies of ids that are counted. */
    long lateDuplicates() {
        return lateCopies.values().stream().mapToLong(Long::longValue).sum() - late();
    }
}
