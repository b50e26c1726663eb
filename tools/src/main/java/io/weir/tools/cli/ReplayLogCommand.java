package io.weir.tools.cli;

import io.weir.tools.accesslog.AccessLogRequests;
import io.weir.tools.text.Reasons;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sends the lines of access logs to a topic. */
@Command(
        name = "replay-log",
        description = {
            "Sends the lines of Apache or nginx access logs to a topic, with their own times as"
                    + " timestamps.",
            LineOptions.READ + "."
        })
final class ReplayLogCommand extends WeirCommand implements Callable<Integer> {

    private static final Duration DEFAULT_LATENESS = Duration.ofMinutes(10);

    @Mixin private SendTarget target = new SendTarget();
    @Mixin private AccessLogs logs = new AccessLogs();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = AccessLogs.FILES + "; sites are merged by time")
    private List<String> files = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (AccessLogRequests source = logs.read(files, out())) {
            target.requireTimestampsOfTheSender();
            target.send(source, out());
            sayWhatIsRejected(source.findings().faults());
            if (!source.domains().isEmpty()) {
                out().println(
                                "the store does not know these sites by name until it is told:"
                                        + " ./weir site add ID DOMAIN");
            }
            if (source.worstLag().compareTo(DEFAULT_LATENESS) > 0) {
                out().printf(
                                "some requests are %d s older than ones before them: a job with a"
                                        + " shorter event-time.allowed-lateness counts them as"
                                        + " late%n",
                                source.worstLag().toSeconds());
            }
        }
        return ExitCode.OK;
    }

    private void sayWhatIsRejected(Reasons faults) {
        if (faults.total() > 0) {
            out().printf(
                            Locale.ROOT,
                            "%,d of them are no requests; the job rejects them:%n",
                            faults.total());
            faults.shown().forEach(out()::println);
        }
    }
}
