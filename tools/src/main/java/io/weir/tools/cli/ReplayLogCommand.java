package io.weir.tools.cli;

import io.weir.tools.accesslog.AccessLogRequests;
import io.weir.tools.accesslog.LineRules;
import io.weir.tools.connect.CommandException;
import io.weir.tools.follow.FollowProgress;
import io.weir.tools.follow.FollowSettings;
import io.weir.tools.follow.Follower;
import io.weir.tools.follow.FollowerStart;
import io.weir.tools.logfile.NamedLogs;
import io.weir.tools.text.Count;
import io.weir.tools.text.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
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
                    + " timestamps. With --follow, goes on with what is appended.",
            LineOptions.READ + "."
        })
final class ReplayLogCommand extends WeirCommand implements Callable<Integer> {

    private static final Duration DEFAULT_LATENESS = Duration.ofMinutes(10);

    @Mixin private SendTarget target = new SendTarget();
    @Mixin private AccessLogs logs = new AccessLogs();
    @Mixin private FollowOptions follow = new FollowOptions();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    AccessLogs.FILES
                            + "; sites are merged by time. With --follow: the files that are"
                            + " written to")
    private List<String> files = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return follow.isOn() ? follow() : replay();
    }

    private int follow() throws IOException, InterruptedException {
        FollowSettings settings = settings();
        FollowProgress progress = new FollowProgress(out(), Boolean.getBoolean("weir.terminal"));
        if (target.stampsArrivals()) {
            progress.say(
                    "topic %s stamps records with the time of their arrival: lines older than the job's event-time.allowed-lateness will be late"
                            .formatted(settings.topic()));
        }
        progress.say("position: " + settings.positionFile());
        try (StopSignal stop = new StopSignal();
                Follower follower =
                        new FollowerStart(settings, progress, InstantSource.system()).start()) {
            boolean isSent = follower.run(stop);
            progress.say(
                    "sent %s to %s"
                            .formatted(Count.of(follower.sent(), "record"), settings.topic()));
            sayWhatIsRejected(follower.findings().faults());
            if (!isSent) {
                progress.say("what Kafka has not taken is sent at the next start");
            }
            return stop.exitWith(isSent ? ExitCode.OK : ExitCode.SOFTWARE);
        }
    }

    private FollowSettings settings() {
        LineRules rules = logs.rules();
        List<Path> followed;
        try {
            followed = NamedLogs.toFollow(files);
        } catch (IOException e) {
            throw CommandException.wrongUsage("--follow: " + e.getMessage());
        }
        logs.requireSites(rules, followed.size());
        return new FollowSettings(
                followed,
                rules,
                logs.firstSiteId(),
                follow.isFromEnd(),
                follow.positionOf(target.topic()),
                target.properties(),
                target.topic(),
                target.recordsPerSecond());
    }

    private int replay() throws IOException, InterruptedException {
        try (AccessLogRequests source = logs.read(files, out())) {
            target.requireTimestampsOfTheSender();
            target.send(source, out());
            sayWhatIsRejected(source.findings().faults());
            if (!source.domains().isEmpty()) {
                out().println(
                                "the store has no names for these sites until you give them:"
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
                            "%,d of them %s; the job rejects %s:%n",
                            faults.total(),
                            faults.total() == 1 ? "is not a request" : "are not requests",
                            faults.total() == 1 ? "it" : "them");
            faults.shown().forEach(out()::println);
        }
    }
}
