package io.weir.benchmarks.recovery;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** The process of a JobManager or TaskManager, by the entry points of Flink's distribution. */
final class ClusterProcess {

    static final String JOB_MANAGER = "jobmanager";
    static final String TASK_MANAGER = "taskmanager";

    private static final PrintStream ANSWERS = System.out;

    private ClusterProcess() {}

    static void answer(String line) {
        ANSWERS.println(line);
    }

    public static void main(String[] arguments) throws Exception {
        System.setOut(System.err);
        Thread end = new Thread(ClusterProcess::awaitEnd, "orders");
        end.setDaemon(true);
        end.start();
        String[] own = Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (arguments[0]) {
            case JOB_MANAGER -> StandaloneSessionClusterEntrypoint.main(own);
            case TASK_MANAGER -> TaskManagerRunner.main(own);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** An end of the orders is the only one. */
    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // nothing else is understood
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().halt(0);
    }
}
