package io.weir.rig;

import io.weir.tools.cli.Weir;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Commands as they are typed, and all that they print. */
public final class Typed {

    private final List<String> where;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String input = "";

    private Typed(List<String> where) {
        this.where = where;
    }

    /** Every command is told this database and who asks. */
    public static Typed at(String jdbcUrl, String user) {
        return new Typed(List.of("--jdbc-url", jdbcUrl, "--db-user", user));
    }

    /** Every command is told these brokers. */
    public static Typed atKafka(String bootstrapServers) {
        return new Typed(List.of("--bootstrap-servers", bootstrapServers));
    }

    /** Every command is told what is typed and nothing else. */
    public static Typed alone() {
        return new Typed(List.of());
    }

    /** What the commands that follow find on the standard input, which ends behind it. */
    public Typed answer(String text) {
        input = text;
        return this;
    }

    /** Runs the command {@code weir} with these arguments and returns its exit code. */
    public int weir(String... arguments) {
        return weir(List.of(arguments));
    }

    public int weir(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(where);
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return command.execute(all.toArray(String[]::new));
        } finally {
            System.setIn(before);
        }
    }

    /** What was printed on the standard output since the start or {@link #forget()}. */
    public String out() {
        return out.toString();
    }

    /** What was printed on the error stream since the start or {@link #forget()}. */
    public String err() {
        return err.toString();
    }

    /** As if nothing had been typed. */
    public void forget() {
        input = "";
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }
}
