package io.weir.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theExitCodeSaysWhetherTheSchemaIsAsItShouldBe(@TempDir Path folder) {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("data"))) {
            assertThat(weir(server, "schema", "migrate", "--shards", "4")).isZero();
            assertThat(out.toString())
                    .contains("schema weir is not distributed: --shards means nothing here");

            assertThat(weir(server, "schema", "verify")).isEqualTo(1);
            assertThat(out.toString())
                    .contains(
                            "partitions of weir.http_request_1day: expected", "missing", "maintain")
                    .contains("differences (");

            assertThat(weir(server, "maintain")).isZero();
            assertThat(weir(server, "schema", "verify")).isZero();
            assertThat(out.toString())
                    .contains("not distributed: no Citus")
                    .containsPattern("schema weir is as it should be \\(\\d+ checks\\)");
            assertThat(err.toString()).isEmpty();
        }
    }

    private int weir(EmbeddedPostgres server, String... arguments) {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--jdbc-url";
        all[arguments.length + 1] = server.jdbcUrl();
        all[arguments.length + 2] = "--db-user";
        all[arguments.length + 3] = server.user();
        return command.execute(all);
    }
}
