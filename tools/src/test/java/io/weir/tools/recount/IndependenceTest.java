package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A counter that shared code with the job would share its mistakes. */
class IndependenceTest {

    private static final Path SOURCES = Path.of("src/main/java/io/weir/tools/recount");

    @Test
    void sharesTheDecoderWithTheJobAndNothingElseThatCounts() throws IOException {
        List<String> imports = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.matches(".*\\b(io\\.weir|org\\.apache\\.flink)\\..*"))
                        .filter(line -> !line.startsWith("package "))
                        .forEach(imports::add);
            }
        }

        assertThat(imports)
                .isNotEmpty()
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .matches(
                                                "import io\\.weir\\.(request|config|database"
                                                        + "|tools\\.(connect|text))\\.\\w+;"));
    }
}
