package io.weir.tools.demo;

import io.weir.TrafficJob;
import io.weir.config.JobOptions;
import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The traffic job in a Flink of its own in this process, with Flink's web page. */
final class DemoJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoJob.class);

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration DRAINING = Duration.ofMinutes(10);
    private static final int ATTEMPTS_TO_RESTART = 8;
    private static final int ATTEMPTS_TO_DRAIN = 3;
    private static final long CANCEL_SECONDS = 10;
    private static final long PAUSE_MILLIS = 3_000;

    private final String run;
    private final JobClient client;
    private final CompletableFuture<JobExecutionResult> result;
    private final Path savepoints;
    private final int webPort;

    private DemoJob(String run, JobClient client, Path savepoints, int webPort) {
        this.run = run;
        this.client = client;
        this.result = client.getJobExecutionResult();
        this.savepoints = savepoints;
        this.webPort = webPort;
    }

    /**
     * Starts the job.
     *
     * @param run a name that no other run in this process has
     * @param directory for checkpoints
     */
    static DemoJob start(
            String run, Map<String, String> settings, int parallelism, Path directory) {
        int webPort = freePort();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(
                        configuration(run, directory, webPort));
        environment.setParallelism(parallelism);
        try {
            TrafficJob.build(environment, JobOptions.of(settings));
            JobClient client = environment.executeAsync("weir demo");
            return new DemoJob(run, client, directory.resolve("savepoints"), webPort);
        } catch (Exception e) {
            throw CommandException.logged("the job does not start: " + Causes.innermost(e), e);
        }
    }

    String webAddress() {
        return "http://localhost:" + webPort;
    }

    JobMetrics metrics() {
        return JobMetrics.of(run);
    }

    /** Fails when the job has ended, with what ended it. */
    void requireRunning() {
        if (result.isCompletedExceptionally()) {
            Throwable failure = result.handle((nothing, thrown) -> thrown).join();
            throw CommandException.logged("the job failed: " + Causes.innermost(failure), failure);
        }
        if (result.isDone()) {
            throw new CommandException("the job ended before all requests were read");
        }
    }

    /** Ends the job so that every window closes, and returns when all is written. */
    void drain() {
        for (int attempt = 1; ; attempt++) {
            try {
                client.stopWithSavepoint(
                                true, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                        .get(DRAINING.toSeconds(), TimeUnit.SECONDS);
                result.get(DRAINING.toSeconds(), TimeUnit.SECONDS);
                return;
            } catch (ExecutionException | TimeoutException e) {
                if (attempt == ATTEMPTS_TO_DRAIN || result.isDone()) {
                    throw new CommandException(
                            "the job could not be ended: " + Causes.innermost(e), e);
                }
                LOG.warn("draining failed, trying again", e);
                Pause.millis(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        JobMetrics.forget(run);
        if (result.isDone()) {
            return;
        }
        try {
            client.cancel().get(CANCEL_SECONDS, TimeUnit.SECONDS);
            result.get(CANCEL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("the job was cancelled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Configuration configuration(String run, Path directory, int webPort) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "localhost");
        configuration.set(RestOptions.BIND_ADDRESS, "localhost");
        configuration.set(RestOptions.PORT, webPort);
        configuration.set(RestOptions.BIND_PORT, Integer.toString(webPort));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(CoreOptions.TMP_DIRS, directory.toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofMillis(500));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofSeconds(10));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMinutes(2));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS,
                ATTEMPTS_TO_RESTART);
        configuration.setString("metrics.reporters", "demo");
        configuration.setString(
                "metrics.reporter.demo.factory.class", JobMetrics.Reporter.class.getName());
        configuration.setString("metrics.reporter.demo.run", run);
        return configuration;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port: " + e.getMessage(), e);
        }
    }
}
