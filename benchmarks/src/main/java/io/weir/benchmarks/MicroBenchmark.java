package io.weir.benchmarks;

import io.weir.benchmarks.micro.HotPath;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench micro}: single steps of the job by JMH, with the bytes that each allocates. */
@Command(
        name = "micro",
        description = {
            "Nanoseconds and allocated bytes of single steps of the job, and of reading a line of"
                    + " an access log, measured by JMH.",
            "Bytes hardly differ from run to run; compare times of one run only."
        },
        mixinStandardHelpOptions = true)
final class MicroBenchmark extends Benchmark {

    private static final int ITERATIONS = 5;
    private static final TimeValue SECOND = TimeValue.seconds(1);
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Option(
            names = "--include",
            defaultValue = "",
            paramLabel = "REGEX",
            description = "Only steps whose name this is found in (default: all)")
    private String include = "";

    @Option(names = "--quick", description = "Short, in this process: for a first look")
    private boolean isQuick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write JMH's results there too")
    private @Nullable Path json;

    @Override
    void run() throws Exception {
        String steps = HotPath.class.getPackageName().replace(".", "\\.") + ".*" + include;
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(steps)
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(isQuick ? 0 : 1)
                        .warmupIterations(isQuick ? 1 : ITERATIONS)
                        .warmupTime(SECOND)
                        .measurementIterations(isQuick ? 1 : ITERATIONS)
                        .measurementTime(SECOND)
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT);
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        Collection<RunResult> results = results(new Runner(options.build()));
        out().println("| step | of | ns | +- | bytes |\n|---|---|--:|--:|--:|");
        results.forEach(result -> out().println(line(result)));
    }

    private Collection<RunResult> results(Runner runner) throws RunnerException {
        try {
            return runner.run();
        } catch (NoBenchmarksException e) {
            throw refusal("--include: no step's name has " + include);
        }
    }

    private static String line(RunResult run) {
        Result<?> time = run.getPrimaryResult();
        Result<?> bytes = run.getSecondaryResults().get(ALLOCATED);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %.0f |",
                time.getLabel(),
                run.getParams().getParam(run.getParams().getParamsKeys().iterator().next()),
                time.getScore(),
                time.getScoreError(),
                bytes == null ? Double.NaN : bytes.getScore());
    }
}
