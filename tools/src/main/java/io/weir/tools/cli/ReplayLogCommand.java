package io.weir.tools.cli;

import io.weir.tools.send.AccessLogRequests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends the lines of access logs to a topic. */
@Command(
        name = "replay-log",
        description =
                "Sends the lines of Apache or nginx access logs to a topic, stamped with their own"
                        + " times.",
        mixinStandardHelpOptions = true)
final class ReplayLogCommand implements Callable<Integer> {

    private static final Duration DEFAULT_LATENESS = Duration.ofMinutes(10);

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private SendTarget target = new SendTarget();
    @Mixin private AccessLogs logs = new AccessLogs();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Access logs, plain or .gz; merged by time")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        AccessLogRequests source = logs.read(files);
        target.requireTimestampsOfTheSender();
        target.send(source, spec.commandLine().getOut());
        if (source.worstLag().compareTo(DEFAULT_LATENESS) > 0) {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "some requests lie %d s behind the ones before them: a job whose"
                                    + " event-time.allowed-lateness is shorter calls them late%n",
                            source.worstLag().toSeconds());
        }
        return 0;
    }
}
