package io.weir.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.check.Check.Trait;
import io.weir.database.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CheckTest {

    private static final Path FOLDER = Path.of("src/main/resources/weir/checks");

    @Test
    void everyFileIsACheckOfTheList() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(file -> file.endsWith(".sql"))
                    .filteredOn(file -> !file.equals("same_on_every_node.sql"))
                    .containsExactlyInAnyOrderElementsOf(
                            Resources.lines("/weir/checks/list.txt").stream()
                                    .map(line -> line.replaceFirst(" .*", "") + ".sql")
                                    .toList());
        }
    }

    @Test
    void everyCheckSaysWhatItChecksAndWhy() {
        assertThat(Check.ofVerify()).allMatch(check -> check.sql().startsWith("-- "));
        assertThat(Check.ofDoctor()).allMatch(check -> check.sql().startsWith("-- "));
    }

    @Test
    void theDoctorMakesItsOwnChecksAndThoseOfBoth() {
        assertThat(Check.ofDoctor())
                .extracting(Check::name)
                .contains("job rights", "columns")
                .doesNotContain("partitions");
        assertThat(Check.ofVerify())
                .extracting(Check::name)
                .contains("partitions", "columns")
                .doesNotContain("job rights");
        assertThat(Check.ofVerify()).noneMatch(check -> check.is(Trait.JOB));
    }
}
