package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

class BuiltVersionTest {

    @Test
    void theVersionNamesTheCommit() throws IOException {
        assertThat(
                        text(
                                "Implementation-Version: 0.1.0",
                                "Weir-Commit: 1f0c5d2",
                                "Weir-Commit-Is-Changed: false"))
                .isEqualTo("weir 0.1.0, commit 1f0c5d2");
    }

    @Test
    void changesThatAreNotCommittedAreSaid() throws IOException {
        assertThat(
                        text(
                                "Implementation-Version: 0.1.0",
                                "Weir-Commit: 1f0c5d2",
                                "Weir-Commit-Is-Changed: true"))
                .isEqualTo("weir 0.1.0, commit 1f0c5d2 with changes that are not committed");
    }

    @Test
    void aBuildOutsideARepositorySaysSo() throws IOException {
        String expected = "weir 0.1.0, of an unknown commit: built outside a git repository";
        assertThat(text("Implementation-Version: 0.1.0", "Weir-Commit: ")).isEqualTo(expected);
        assertThat(text("Implementation-Version: 0.1.0")).isEqualTo(expected);
    }

    private static String text(String... lines) throws IOException {
        String file = "Manifest-Version: 1.0\n" + String.join("\n", lines) + "\n";
        return BuiltVersion.text(
                new Manifest(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8))));
    }
}
