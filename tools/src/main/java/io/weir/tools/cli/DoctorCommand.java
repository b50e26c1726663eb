package io.weir.tools.cli;

import io.weir.TrafficJob;
import io.weir.check.Findings;
import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import io.weir.tools.doctor.Doctor;
import io.weir.tools.text.Count;
import io.weir.tools.topics.JobTopic;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at everything that the job needs, and says what is wrong and what to do about it. */
@Command(
        name = "doctor",
        description = {
            "Checks Kafka, the store and Flink, as the job's configuration names them, and says what"
                    + " is wrong and what to do about it. Changes nothing.",
            "Exit code 0 when all is well, 1 when something is not or could not be checked."
        })
final class DoctorCommand extends WeirCommand implements Callable<Integer> {

    private static final String OWNER_PASSWORD = "WEIR_OWNER_PASSWORD";

    @Mixin private JobArguments configuration = new JobArguments();

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "The schema's database (default: store.url)")
    private @Nullable String jdbcUrl;

    @Option(
            names = "--db-user",
            paramLabel = "USER",
            description =
                    "The schema's owner (default: store.user); the password is read from the"
                            + " environment variable "
                            + OWNER_PASSWORD
                            + ", or from "
                            + Database.PASSWORD_VARIABLE
                            + " if that is not set")
    private @Nullable String user;

    @Option(
            names = "--flink",
            defaultValue = "http://localhost:8081",
            paramLabel = "URL",
            description = "The JobManager's REST interface (default: ${DEFAULT-VALUE})")
    private URI flink = URI.create("");

    @Option(
            names = "--job-name",
            defaultValue = TrafficJob.NAME,
            paramLabel = "NAME",
            description = "The job's name in Flink (default: ${DEFAULT-VALUE})")
    private String jobName = "";

    @Option(
            names = "--max-lag",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "How many records the job may be behind (default: ${DEFAULT-VALUE})")
    private long maxLag;

    @Option(
            names = "--checkpoint-age",
            defaultValue = "1m",
            paramLabel = "DURATION",
            description =
                    "How old the last checkpoint may be; three intervals are always allowed"
                            + " (default: ${DEFAULT-VALUE})")
    private Duration checkpointAge = Duration.ofMinutes(1);

    @Option(
            names = "--letters-retention",
            defaultValue = "30d",
            paramLabel = "DURATION",
            description =
                    "How long the topics of rejected records and late requests should keep them"
                            + " (default: ${DEFAULT-VALUE})")
    private Duration lettersRetention = JobTopic.LETTERS_RETENTION;

    @Override
    public Integer call() throws InterruptedException {
        Doctor doctor = new Doctor(configuration.options(), this::owner, flink(), jobName);
        Findings findings = doctor.examine(maxLag, checkpointAge, lettersRetention);
        findings.found().forEach(finding -> out().println(finding.inSentences()));
        int found = findings.found().size();
        List<String> unchecked = findings.unchecked();
        out().printf(
                        "%s, %s%s%n",
                        Count.of(findings.checks(), "check"),
                        found == 0 ? "all is well" : Count.of(found, "finding"),
                        unchecked.isEmpty()
                                ? ""
                                : "; not looked at: " + String.join(", ", unchecked));
        return found == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Database owner(Database job) {
        String url = jdbcUrl == null ? job.jdbcUrl() : jdbcUrl;
        if (user == null) {
            return new Database(url, job.user(), job.password());
        }
        String password = System.getenv(OWNER_PASSWORD);
        return password == null ? Database.of(url, user) : new Database(url, user, password);
    }

    private URI flink() {
        return requireAddress(flink);
    }

    /** The address of a JobManager that was given as --flink. */
    static URI requireAddress(URI flink) {
        boolean isHttp = "http".equals(flink.getScheme()) || "https".equals(flink.getScheme());
        if (!isHttp || flink.getHost() == null) {
            throw CommandException.wrongUsage(
                    "--flink: '" + flink + "' is not an address http://host:port");
        }
        return flink;
    }
}
