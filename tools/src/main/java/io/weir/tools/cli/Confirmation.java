package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The question before something that cannot be undone. */
final class Confirmation {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--yes", description = "Do not ask for confirmation")
    private boolean yes;

    /**
     * Goes on only after {@code yes} on the standard input, or with {@code --yes}.
     *
     * @param whatHappens a sentence
     * @throws CommandException when the answer is another, or there is none
     */
    void ask(String whatHappens) {
        if (yes) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(whatHappens);
        out.print("Type yes to go on: ");
        out.flush();
        Scanner answers = new Scanner(System.in, StandardCharsets.UTF_8);
        if (!answers.hasNextLine()) {
            throw new CommandException(
                    "there was no answer, so nothing was done; --yes skips the question");
        }
        if (!answers.nextLine().strip().equalsIgnoreCase("yes")) {
            throw new CommandException("the answer was not yes, so nothing was done");
        }
    }
}
