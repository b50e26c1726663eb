package io.weir.benchmarks;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.JacksonFields;
import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weir bench decode}: how many records a second one thread makes requests of, with our own
 * reader of JSON and with Jackson's streaming parser.
 *
 * <p>Both decode the same records in turn, after a check that they agree on every one. The time is
 * the thread's CPU time, which other programs hardly change.
 */
@Command(
        name = "decode",
        description = "Records a second that one thread decodes: our reader of JSON and Jackson's.",
        mixinStandardHelpOptions = true)
final class DecodeBenchmark extends Benchmark {

    private static final int WARM_UP_ROUNDS = 3;

    /** Few enough for the caches: Kafka's consumer has just copied a record that is decoded. */
    private static final int RECORDS = 5_000;

    private static final int PASSES = 60;

    /** Of so many requests the first ones have no record of a megabyte among them. */
    private static final int GENERATED = 1_000_000;

    private static final String RATE = "%.2f (%.2f..%.2f)";
    private static final int SITES = 500;
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);
    private static final long TIME_MILLIS = GeneratedRequests.END_OF_SEEDED.toEpochMilli();

    @Option(
            names = "--rounds",
            defaultValue = "9",
            paramLabel = "N",
            description = "How often each of the two is measured (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Override
    void run() {
        requirePositive("--rounds", rounds);
        out().printf(
                        """
                        Millions of records a second of CPU time: medians of %d rounds (least..greatest)
                        | records | bytes | ours | Jackson | ours / Jackson |
                        |---|--:|--:|--:|--:|
                        """,
                        rounds);
        out().println("| as ./weir generate sends them | " + measured(generated()));
        out().println("| plain | " + measured(plain()));
    }

    private String measured(List<KafkaRecord> records) {
        RequestDecoder ours = new RequestDecoder(MAX_AHEAD, null);
        RequestDecoder jackson = JacksonFields.decoder(MAX_AHEAD);
        records.forEach(record -> requireAgreement(ours.decode(record), jackson.decode(record)));
        Sample oursRate = new Sample();
        Sample jacksonRate = new Sample();
        Sample ratio = new Sample();
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            double oursMillions = millionsPerSecond(records, ours);
            double jacksonMillions = millionsPerSecond(records, jackson);
            if (round >= 0) {
                oursRate.add(oursMillions);
                jacksonRate.add(jacksonMillions);
                ratio.add(oursMillions / jacksonMillions);
            }
        }
        long bytes = records.stream().mapToLong(record -> record.value().length).sum();
        return "%d | %s | %s | %s |"
                .formatted(
                        bytes / records.size(),
                        oursRate.show(RATE),
                        jacksonRate.show(RATE),
                        ratio.show(RATE));
    }

    private static double millionsPerSecond(List<KafkaRecord> records, RequestDecoder decoder) {
        long sum = 0;
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int pass = 0; pass < PASSES; pass++) {
            for (KafkaRecord record : records) {
                HttpRequest request = decoder.decode(record).request();
                sum += request == null ? 0 : request.siteId();
            }
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        if (sum == 0) {
            throw new IllegalStateException("no record is a request");
        }
        return PASSES * records.size() * 1e3 / nanos;
    }

    private static void requireAgreement(DecodedRecord ours, DecodedRecord jackson) {
        if (!outcome(ours).equals(outcome(jackson))) {
            throw new IllegalStateException("the two disagree: %s, %s".formatted(ours, jackson));
        }
    }

    /** The request, or the reason why there is none. */
    private static Object outcome(DecodedRecord decoded) {
        HttpRequest request = decoded.request();
        return request == null ? decoded.rejectReason() : request;
    }

    private static List<KafkaRecord> generated() {
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
    private static List<KafkaRecord> plain() {
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
