package io.weir.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.RejectReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The records of a run: requests out of order, late, ahead of time, sent again to any partition,
 * and records that must be rejected; one site has half of them.
 *
 * <p>Copies of a request are equal but for one kind: a copy whose event time is a millisecond later
 * and in the next minute. It goes to the same partition, since the partition's order must decide in
 * which minute the request counts.
 */
final class SentTraffic {

    private static final int REQUESTS_A_MINUTE = 240;
    private static final int SITES = 6;
    private static final int GARBAGE = 3_000;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long LEAST_LATE = Duration.ofSeconds(50).toMillis();
    private static final long MOST_LATE = Duration.ofMinutes(12).toMillis();
    private static final int MOST_OUT_OF_ORDER_MILLIS = 8_000;
    private static final int MOST_AHEAD_MILLIS = 30_000;
    private static final long TOO_FAR_AHEAD = Duration.ofHours(1).toMillis();

    private static final List<String> COUNTRIES = List.of("BR", "DE", "IN", "US", "ZA");
    private static final List<Integer> STATUSES = List.of(200, 200, 200, 204, 301, 404, 500, 503);
    private static final List<RejectReason> REASONS =
            List.of(
                    RejectReason.NOT_JSON,
                    RejectReason.NOT_AN_OBJECT,
                    RejectReason.MISSING_FIELD,
                    RejectReason.WRONG_TYPE,
                    RejectReason.OUT_OF_RANGE,
                    RejectReason.TOO_FAR_AHEAD);

    private final Plan plan;
    private final Random random;
    private final List<SentRecord> records = new ArrayList<>();
    private int ids;

    private SentTraffic(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
    }

    /** The records of each step, in the order in which they are sent. */
    static List<List<SentRecord>> of(Plan plan) {
        return new SentTraffic(plan).draw();
    }

    private List<List<SentRecord>> draw() {
        long start = Plan.START.toEpochMilli();
        long end = plan.end().toEpochMilli();
        for (long time = start; time < end; time += MINUTE / REQUESTS_A_MINUTE) {
            if (random.nextInt(30) == 0) {
                reject(partitionAt(time), time);
            } else {
                send(time);
            }
        }
        if (plan.hasIdleness()) {
            for (int i = 0; i < GARBAGE; i++) {
                reject(0, start + MINUTE);
            }
        }
        records.sort(Comparator.comparingLong(SentRecord::timestampMillis));
        List<List<SentRecord>> steps = new ArrayList<>();
        plan.steps().forEach(step -> steps.add(new ArrayList<>()));
        records.removeIf(each -> each.timestampMillis() >= end);
        for (int i = 0; i < records.size(); i++) {
            steps.get(plan.stepAt(records.get(i).timestampMillis()))
                    .add(records.get(i).numbered(i));
        }
        return steps;
    }

    private void send(long time) {
        SentRequest request = request(eventTimeAt(time));
        int partition = partitionAt(time);
        records.add(SentRecord.of(partition, time, request));
        if (request.id() == null) {
            return;
        }
        if (random.nextInt(40) == 0) {
            sendAcrossMinutes(partition, time);
        }
        while (random.nextInt(4) == 0) {
            long again = time + random.nextInt(random.nextBoolean() ? 3_000 : 900_000);
            records.add(SentRecord.of(partitionAt(again), again, request));
        }
    }

    private void sendAcrossMinutes(int partition, long time) {
        SentRequest last = request(time / MINUTE * MINUTE - 1);
        if (last.id() != null) {
            records.add(SentRecord.of(partition, time, last));
            records.add(SentRecord.of(partition, time, last.at(last.eventTimeMillis() + 1)));
        }
    }

    private long eventTimeAt(long time) {
        return switch (random.nextInt(20)) {
            case 0, 1 -> time - random.nextLong(LEAST_LATE, MOST_LATE);
            case 2 -> time + random.nextInt(MOST_AHEAD_MILLIS);
            default -> time - random.nextInt(MOST_OUT_OF_ORDER_MILLIS);
        };
    }

    private SentRequest request(long eventTimeMillis) {
        return new SentRequest(
                random.nextBoolean() ? 1 : 2 + random.nextInt(SITES - 1),
                eventTimeMillis,
                oneOf(STATUSES),
                address(),
                random.nextInt(10) == 0 ? null : random.nextInt(5_000),
                random.nextInt(100_000),
                oneOf(COUNTRIES),
                random.nextInt(10) == 0 ? null : "request-" + ids++);
    }

    private String address() {
        return random.nextInt(10) == 0
                ? "client%d.example".formatted(random.nextInt(20))
                : "10.0.%d.%d".formatted(random.nextInt(4), random.nextInt(250));
    }

    private int partitionAt(long time) {
        int step = plan.stepAt(time);
        int partition = random.nextInt(plan.partitions());
        return plan.isSilent(partition, step) ? (partition + 1) % plan.partitions() : partition;
    }

    private void reject(int partition, long time) {
        RejectReason reason = oneOf(REASONS);
        records.add(SentRecord.rejected(partition, time, rejected(reason, time), reason));
    }

    private byte[] rejected(RejectReason reason, long time) {
        String json = new String(request(time).json(), UTF_8);
        String value =
                switch (reason) {
                    case NOT_JSON -> json.substring(0, json.length() - 1);
                    case NOT_AN_OBJECT -> "[" + json + "]";
                    case MISSING_FIELD -> json.replace("status_code", "status");
                    case WRONG_TYPE ->
                            json.replaceFirst("\"status_code\":\\d+", "\"status_code\":\"200\"");
                    case OUT_OF_RANGE ->
                            json.replaceFirst("\"status_code\":\\d+", "\"status_code\":99");
                    case TOO_FAR_AHEAD -> new String(request(time + TOO_FAR_AHEAD).json(), UTF_8);
                    default -> throw new IllegalArgumentException(reason.code());
                };
        return value.getBytes(UTF_8);
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
