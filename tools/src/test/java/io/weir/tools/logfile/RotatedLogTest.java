package io.weir.tools.logfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotatedLogTest {

    @ParameterizedTest
    @CsvSource({
        "a.log a.log.1 a.log.2.gz a.log.10.gz, a.log.10.gz a.log.2.gz a.log.1 a.log",
        "a.log-20260102 a.log a.log-20260101.gz, a.log-20260101.gz a.log-20260102 a.log",
        "a.log.2026-01-31.xz a.log.2026-01-30.ZST, a.log.2026-01-30.ZST a.log.2026-01-31.xz",
        "a.log a-2026-01-31.log a_2026-01-30.log, a_2026-01-30.log a-2026-01-31.log a.log",
        "a.log-2026010111 a.log-2026010109.bz2, a.log-2026010109.bz2 a.log-2026010111",
        "a.log-202602 a.log-202601, a.log-202601 a.log-202602",
        "access_log.1 access_log, access_log.1 access_log"
    })
    void findsThePartsOfALogOldestFirst(String files, String parts) throws IOException {
        assertThat(RotatedLog.of(paths(files)))
                .singleElement()
                .extracting(RotatedLog::parts)
                .isEqualTo(paths(parts));
    }

    @ParameterizedTest
    @CsvSource({
        "shop.log blog.log.1 x/shop.log.1",
        "shop.log shop.log.2024", // a year, or what?
        "customer-10000001.log customer-10000002.log", // no dates
        "shop1.log shop2.log",
        "shop.1.log shop.2.log",
        "- -.1"
    })
    void takesOtherFilesForLogsOfTheirOwn(String files) throws IOException {
        assertThat(RotatedLog.of(paths(files)))
                .extracting(RotatedLog::parts)
                .containsExactlyElementsOf(paths(files).stream().map(List::of).toList());
    }

    @Test
    void keepsLogsInTheOrderInWhichTheyAreNamed() throws IOException {
        assertThat(RotatedLog.of(paths("b.log.1 a.log.1 b.log")))
                .extracting(RotatedLog::parts)
                .containsExactly(paths("b.log.1 b.log"), paths("a.log.1"));
        assertThat(RotatedLog.of(paths("/logs/../logs/b.log /logs/b.log.1")))
                .singleElement()
                .extracting(RotatedLog::name)
                .isEqualTo("/logs/b.log");
    }

    @ParameterizedTest
    @CsvSource({"a.log.1, a.log.1.gz", "a.log-20260101, a-20260101.log", "a.log, a.log.gz"})
    void refusesTheSamePartTwice(String one, String other) {
        assertThatThrownBy(() -> RotatedLog.of(List.of(Path.of(one), Path.of(other))))
                .hasMessage("%s and %s are the same part of one log: name one of them", one, other);
    }

    @Test
    void listsWhatWasPutAsideByTheTimeOfTheLastWrite(@TempDir Path folder) throws IOException {
        List<String> oldestFirst =
                List.of("a.log.2.gz", "a.log-20260101", "a.log.7", "a.log.3", "a.log.1");
        for (int i = 0; i < oldestFirst.size(); i++) {
            Path file = Files.createFile(folder.resolve(oldestFirst.get(i)));
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * i));
        }
        Files.createFile(folder.resolve("a.log"));
        Files.createFile(folder.resolve("a.log.1.gz")); // being made of a.log.1
        Files.createFile(folder.resolve("b.log.1"));
        Files.createDirectory(folder.resolve("a.log.9"));
        assertThat(RotatedLog.putAside(folder.resolve("a.log")))
                .extracting(path -> path.getFileName().toString())
                .isEqualTo(oldestFirst);
    }

    private static List<Path> paths(String names) {
        return Stream.of(names.split(" ", -1)).map(Path::of).toList();
    }
}
