package io.weir.benchmarks;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.JacksonFields;
import io.weir.request.KafkaRecord;
import io.weir.request.ReadRecord;
import io.weir.request.RequestDecoder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
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

    private static final int PASSES = 60;

    private static final String RATE = "%.2f (%.2f..%.2f)";
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

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
        out().println("| as ./weir generate sends them | " + measured(SampleRecords.generated()));
        out().println("| plain | " + measured(SampleRecords.plain()));
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
        ReadRecord read = new ReadRecord(); // as the job's reader does
        long sum = 0;
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int pass = 0; pass < PASSES; pass++) {
            for (KafkaRecord record : records) {
                read.set(record);
                decoder.decode(read);
                sum += read.isRequest() ? read.siteId() : 0;
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
}
