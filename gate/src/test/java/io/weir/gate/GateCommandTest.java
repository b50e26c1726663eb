package io.weir.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.cli.Weir;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class GateCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void noSeedsAreWrongUsage() {
        assertThat(gate("--seeds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--seeds: 0 must be 1 or more");
    }

    @Test
    void anUnknownMutationIsWrongUsage() {
        assertThat(gate("--mutate", "nothing")).isEqualTo(2);
        assertThat(err.toString()).contains("--mutate", "nothing", "DEDUPLICATE");
    }

    @ParameterizedTest
    @EnumSource(Mutation.class)
    void helpNamesEveryMutation(Mutation mutation) {
        assertThat(gate("--help")).isZero();
        assertThat(out.toString()).contains(mutation.toString());
    }

    /** Each finds what it breaks, though the code of the job does not know of it. */
    @ParameterizedTest
    @EnumSource(Mutation.class)
    void everyMutationCanBePlantedAndTakenBack(Mutation mutation) {
        mutation.plant().close();
        mutation.plant().close();
    }

    private int gate(String... arguments) {
        CommandLine command = Weir.commandLineWith("gate", new GateCommand());
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 1];
        all[0] = "gate";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return command.execute(all);
    }
}
