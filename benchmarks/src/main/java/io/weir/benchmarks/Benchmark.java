package io.weir.benchmarks;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that measures: where it prints, and which options it refuses. */
abstract class Benchmark implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Checks the options, measures and prints. */
    abstract void run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        run();
        return 0;
    }

    /** Every line that is printed is shown at once. */
    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final void requirePositive(String option, int value) {
        require(value >= 1, option + " must be 1 or more: " + value);
    }

    /** As in -Xmx2g. */
    final void requireHeap(String size) {
        require(size.matches("[1-9][0-9]*[mgMG]"), "--heap must be a size such as 2g: " + size);
    }

    /**
     * Checks an option.
     *
     * @throws ParameterException when it is not right
     */
    final void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw refusal(otherwise);
        }
    }

    /** For an option that is found not to be right later. */
    final ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
