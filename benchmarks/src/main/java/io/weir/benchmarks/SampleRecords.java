package io.weir.benchmarks;

import io.weir.request.KafkaRecord;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** Records of 500 sites in memory, the same ones each time. */
public final class SampleRecords {

    /** Few enough for the caches: Kafka's consumer has just copied a record that is decoded. */
    private static final int RECORDS = 5_000;

    /** Of so many requests the first ones have no record of a megabyte among them. */
    private static final int GENERATED = 1_000_000;

    private static final int SITES = 500;
    private static final long TIME_MILLIS = GeneratedRequests.END_OF_SEEDED.toEpochMilli();

    private SampleRecords() {}

    /** As {@code ./weir generate} sends them. */
    public static List<KafkaRecord> generated() {
        Iterator<OutgoingRecord> sent =
                new GeneratedRequests(
                                GENERATED,
                                SITES,
                                GeneratedRequests.DEFAULT_SPAN,
                                1,
                                GeneratedRequests.END_OF_SEEDED)
                        .iterator();
        return Stream.generate(sent::next)
                .limit(RECORDS)
                .map(next -> record(next.value(), next.sendTimeMillis()))
                .toList();
    }

    /** As a sender writes them that has only one way. */
    public static List<KafkaRecord> plain() {
        Random random = new Random(1);
        return Stream.generate(() -> plain(random))
                .limit(RECORDS)
                .map(json -> record(json.getBytes(StandardCharsets.UTF_8), TIME_MILLIS))
                .toList();
    }

    private static String plain(Random random) {
        return String.format(
                Locale.ROOT,
                """
                {"site_id":%d,"event_time":%d,"status_code":%d,"ip_address":"203.0.113.%d",\
                "response_time_msec":%.3f,"bytes_sent":%d,"request_country":"BR",\
                "request_id":"%016x","url":"/products/%05d"}""",
                1 + random.nextInt(SITES),
                TIME_MILLIS + random.nextInt(60_000),
                random.nextInt(10) == 0 ? 404 : 200,
                random.nextInt(256),
                random.nextDouble() * 500,
                random.nextInt(100_000),
                random.nextLong(),
                random.nextInt(100_000));
    }

    private static KafkaRecord record(byte[] value, long timestampMillis) {
        return new KafkaRecord("http_requests", 0, 0, timestampMillis, null, value, List.of());
    }
}
