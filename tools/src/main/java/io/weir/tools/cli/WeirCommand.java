package io.weir.tools.cli;

import io.weir.tools.text.Columns;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has: where it prints, and what was typed. */
abstract class WeirCommand {

    @Spec private CommandSpec spec = CommandSpec.create();

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    void printTable(List<String> headings, List<List<String>> rows) {
        out().print(Columns.of(headings, rows));
        out().flush();
    }

    void printHelp() {
        spec.commandLine().usage(out());
    }

    boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }
}
