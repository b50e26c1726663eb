package io.weir.tools.follow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others than the server and logrotate do to the files of a log. */
@SuppressWarnings("NullAway.Init")
class UnusualFilesTest {

    private WrittenLog log;
    private FollowedLines followed;

    @BeforeEach
    void begin(@TempDir Path directory) throws IOException {
        log = new WrittenLog(directory.resolve("access.log"));
        followed = new FollowedLines(log.path());
    }

    @AfterEach
    void end() throws IOException {
        followed.close();
    }

    @Test
    void goesOnInACopyThatHasTakenTheNameOfTheLog() throws IOException {
        log.write(5);
        followed.look();
        for (int i = 0; i < 3; i++) {
            log.write(1);
            WrittenLog.append(log.path(), WrittenLog.line(0).substring(0, 30));
            Path copy = log.path().resolveSibling(".access.log.Xy");
            Files.copy(log.path(), copy);
            WrittenLog.append(copy, WrittenLog.line(0).substring(30) + "\n");
            Files.move(copy, log.path(), StandardCopyOption.REPLACE_EXISTING);
            log.write(2);
            followed.look().look();
            followed.pass(LogParts.QUIET.plusSeconds(1));
            followed.look();
        }
        assertThat(followed.numbers())
                .containsExactly(
                        1L, 2L, 3L, 4L, 5L, 6L, 0L, 7L, 8L, 9L, 0L, 10L, 11L, 12L, 0L, 13L, 14L);
        assertThat(followed.said).hasSize(3);
        assertThat(followed.said.get(0))
                .contains("is another file now, with the same lines: going on after byte");
    }

    @Test
    void leavesOutAnOldFileThatWasUnpackedLately() throws IOException {
        log.write(5);
        followed.look();
        for (int i = 0; i < 3; i++) {
            log.rotate();
            log.write(5);
            followed.look();
            followed.pass(LogParts.KEPT);
            followed.look();
        }
        log.pack(3);
        try (GZIPInputStream packed = new GZIPInputStream(Files.newInputStream(log.packed(3)))) {
            Files.write(log.part(3), packed.readAllBytes());
        }
        log.rotate();
        log.write(5);
        followed.look();
        assertThat(followed.numbers()).isEqualTo(numbers(1, 25));
        assertThat(followed.said).hasSize(1);
        assertThat(followed.said.get(0))
                .contains("access.log.4 was written to after", "is older by its name");
    }

    @Test
    void leavesOutWhatCannotBeReadAndClosesWhatItOpened() throws IOException {
        log.write(5);
        followed.look();
        Path other = log.part(7);
        Files.write(other, new byte[] {(byte) 0xFF, (byte) 0xFE, 65, 0});
        Files.delete(log.path());
        log.write(5);
        long before = openFiles();
        for (int i = 0; i < 50; i++) {
            followed.look();
        }
        assertThat(openFiles()).isLessThan(before + 10);
        followed.restart().look();
        assertThat(followed.numbers()).isEqualTo(numbers(1, 10));
        assertThat(followed.said.stream().filter(said -> said.contains("is UTF-16")))
                .hasSizeBetween(1, 2); // once by each start
    }

    private static long openFiles() throws IOException {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(open)) {
            return files.count();
        }
    }

    @Test
    void readsAPackedFileThatWasCutAsFarAsItGoes() throws IOException {
        log.write(500);
        followed.look(100);
        log.rotate();
        log.pack(1);
        byte[] packed = Files.readAllBytes(log.packed(1));
        Files.write(log.packed(1), Arrays.copyOf(packed, packed.length - 100));
        log.write(3);
        followed.restart().look().look();
        List<Long> sent = followed.numbers();
        int ofCut = sent.size() - 3;
        assertThat(ofCut).isBetween(101, 499);
        assertThat(sent.subList(0, ofCut)).isEqualTo(numbers(1, ofCut));
        assertThat(sent.subList(ofCut, ofCut + 3)).isEqualTo(numbers(501, 503));
        assertThat(followed.said.get(1))
                .contains("its gzip data ends there", "the rest of it is left out");
    }

    @Test
    void readsTheFilesAfterOneThatIsGone() throws IOException {
        log.write(5);
        log.rotate();
        log.write(5);
        followed.look();
        Instant savedAt = Files.getLastModifiedTime(log.path()).toInstant();
        for (int i = 0; i < 3; i++) {
            log.rotate();
            log.write(5);
        }
        Files.delete(log.part(3));
        followed.restart(savedAt).look();
        assertThat(followed.numbers()).isEqualTo(numbers(6, 25));
        assertThat(followed.said).hasSize(3);
        assertThat(followed.said.get(0))
                .contains("what was added after that, if anything, is missing");
        assertThat(followed.said.get(1)).contains("access.log.2 was written to since");
        assertThat(followed.said.get(2)).contains("access.log.1 was written to since");
    }

    @Test
    void noticesEachCutUnderAWriterThatDoesNotAppend() throws IOException {
        try (FileChannel writer =
                FileChannel.open(log.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            write(writer, 1, 100);
            followed.look();
            cutWithCopy(9, 1);
            write(writer, 101, 150);
            followed.look().look();
            write(writer, 151, 160);
            cutWithCopy(8, 2);
            write(writer, 161, 170);
            followed.look().look();
        }
        assertThat(followed.numbers()).isEqualTo(numbers(1, 170));
    }

    private static void write(FileChannel writer, int from, int to) throws IOException {
        for (int i = from; i <= to; i++) {
            writer.write(ByteBuffer.wrap((WrittenLog.line(i) + "\n").getBytes(UTF_8)));
        }
    }

    private void cutWithCopy(int part, int second) throws IOException {
        Files.copy(log.path(), log.part(part));
        FileTime time = FileTime.from(Instant.parse("2026-10-25T12:00:00Z").plusSeconds(second));
        Files.setLastModifiedTime(log.part(part), time);
        try (FileChannel cut = FileChannel.open(log.path(), StandardOpenOption.WRITE)) {
            cut.truncate(0);
        }
    }

    @Test
    void readsWhatIsAddedToARenamedFileAfterAQuietMinute() throws IOException {
        log.write(5);
        followed.look();
        log.rotate();
        log.write(5);
        followed.look();
        followed.pass(LogParts.QUIET.plusSeconds(1));
        followed.look();
        log.writeTo(log.part(1), 2);
        followed.look();
        assertThat(followed.numbers()).isEqualTo(numbers(1, 12));
        followed.pass(LogParts.KEPT);
        followed.look();
        log.writeTo(log.part(1), 1);
        assertThat(followed.look().numbers()).isEqualTo(numbers(1, 12));
    }

    @Test
    void saysWhatItLeavesOutOfARenamedFile() throws IOException {
        log.write(5);
        followed.look();
        log.rotate();
        Files.write(log.part(1), new byte[20], StandardOpenOption.APPEND);
        log.write(5);
        followed.look();
        followed.pass(LogParts.KEPT.plus(Duration.ofSeconds(1)));
        followed.look();
        assertThat(followed.said)
                .containsExactly(
                        log.path() + " is not read any more; its last 20 bytes are left out");
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
