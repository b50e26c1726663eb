package io.weir.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandIT {

    @Test
    void theExitCodeSaysWhetherTheSchemaIsAsItShouldBe(@TempDir Path folder) {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("data"))) {
            Typed typed = Typed.at(server.jdbcUrl(), server.user());
            assertThat(typed.weir("schema", "migrate", "--shards", "4")).isZero();
            assertThat(typed.out())
                    .contains("schema weir is not distributed: --shards means nothing here");

            assertThat(typed.weir("schema", "verify")).isEqualTo(1);
            assertThat(typed.out())
                    .contains(
                            "partitions of weir.http_request_1day: expected", "missing", "maintain")
                    .contains("differences (");

            assertThat(typed.weir("maintain")).isZero();
            assertThat(typed.weir("schema", "verify")).isZero();
            assertThat(typed.out())
                    .contains("not distributed: no Citus")
                    .containsPattern("schema weir is as it should be \\(\\d+ checks\\)");
            assertThat(typed.err()).isEmpty();
        }
    }
}
