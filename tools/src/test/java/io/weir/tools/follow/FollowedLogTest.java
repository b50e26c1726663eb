package io.weir.tools.follow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init")
class FollowedLogTest {

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
    void waitsForAFileAndForTheRestOfALine() throws IOException {
        followed.look().look();
        assertThat(followed.said)
                .containsExactly("there is no " + log.path() + " yet: waiting for it");
        log.write(2);
        followed.look();
        String third = WrittenLog.line(3);
        WrittenLog.append(log.path(), third.substring(0, 40));
        followed.look().look();
        assertThat(followed.numbers()).containsExactly(1L, 2L);
        WrittenLog.append(log.path(), third.substring(40));
        followed.look();
        assertThat(followed.numbers()).containsExactly(1L, 2L);
        WrittenLog.append(log.path(), "\n");
        followed.look();
        assertThat(followed.numbers()).containsExactly(1L, 2L, 3L);
        assertThat(followed.taken.get(2).line()).isEqualTo(3);
        assertThat(followed.taken.get(2).source()).isEqualTo("access.log");
    }

    @Test
    void leavesOutMarksCarriageReturnsAndHoles() throws IOException {
        WrittenLog.append(log.path(), "\uFEFF" + WrittenLog.line(1) + "\r\n");
        followed.look();
        try (RandomAccessFile holed = new RandomAccessFile(log.path().toFile(), "rw")) {
            holed.seek(3_000_000);
            holed.write((WrittenLog.line(2) + "\n").getBytes(UTF_8));
        }
        followed.look();
        WrittenLog.append(log.path(), "no request\n");
        followed.look();
        assertThat(followed.numbers()).containsExactly(1L, 2L, -1L);
        assertThat(followed.taken.get(2).reason()).isEqualTo("no bracketed time");
    }

    @Test
    void readsARenamedFileToItsEndAndThenTheNewOne() throws IOException {
        log.write(3);
        followed.look();
        log.write(2);
        log.rotate();
        followed.look();
        log.writeTo(log.part(1), 1); // its writer has it open
        log.write(2);
        followed.look();
        log.writeTo(log.part(1), 1);
        followed.look();
        assertThat(followed.numbers()).isEqualTo(numbers(9));
        assertThat(followed.said).isEmpty();
    }

    @Test
    void sendsALastLineThatNobodyEnds() throws IOException {
        log.write(1);
        WrittenLog.append(log.path(), WrittenLog.line(2));
        followed.look();
        log.rotate();
        Files.writeString(log.path(), WrittenLog.line(3) + "\n");
        followed.look();
        assertThat(followed.numbers()).containsExactly(1L, 3L);
        followed.pass(LogParts.QUIET.minusSeconds(1));
        assertThat(followed.look().numbers()).containsExactly(1L, 3L);
        followed.pass(Duration.ofSeconds(2));
        assertThat(followed.look().numbers()).containsExactly(1L, 3L, 2L);
        followed.pass(LogParts.KEPT.plusSeconds(1));
        assertThat(followed.look().numbers()).containsExactly(1L, 3L, 2L);
        assertThat(followed.log().position().parts()).hasSize(1);
    }

    @Test
    void readsEachFileOfRotationsBetweenTwoLooks() throws IOException {
        log.write(2);
        followed.look();
        log.write(1);
        for (int i = 0; i < 3; i++) {
            log.rotate();
            log.write(2);
        }
        assertThat(followed.look().numbers()).isEqualTo(numbers(9));
    }

    @Test
    void doesNotTakeOldFilesForNewOnes() throws IOException {
        log.writeTo(log.part(1), 3);
        log.write(1);
        followed.look();
        Files.move(log.path(), log.part(2)); // numbered upwards
        log.write(1);
        assertThat(followed.look().numbers()).containsExactly(4L, 5L);
    }

    @Test
    void readsOnInTheCopyOfAFileThatWasCut() throws IOException {
        log.write(5);
        followed.look();
        log.write(2);
        log.copyAndTruncate();
        log.write(2);
        followed.look().look();
        assertThat(followed.numbers()).isEqualTo(numbers(9));
        assertThat(followed.said).hasSize(2);
        assertThat(followed.said.get(0))
                .contains("it was cut to ", "copytruncate")
                .endsWith("some lines may be missing, those written between the copy and the cut");
        assertThat(followed.said.get(1))
                .isEqualTo(
                        "%s goes on in %s after byte 350 (line 5)"
                                .formatted(log.path(), log.part(1)));
    }

    @Test
    void noticesThatAFileWasOverwrittenWithMore() throws IOException {
        log.write(2);
        followed.look();
        log.truncate();
        log.write(20);
        followed.look().look();
        assertThat(followed.numbers()).isEqualTo(numbers(22));
        assertThat(followed.said).hasSize(1);
        assertThat(followed.said.get(0))
                .contains(
                        "it was overwritten after 140 bytes were read",
                        "no copy of it goes on after line 2: some lines may be missing, those"
                                + " written just before that");
    }

    @Test
    void goesOnWhereItEnded() throws IOException {
        log.write(5);
        followed.look(3).restart().look();
        WrittenLog.append(log.path(), "half");
        followed.look().restart().look();
        WrittenLog.append(log.path(), " a line\n");
        followed.look();
        assertThat(followed.numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, -1L);
        assertThat(followed.taken.get(5).line()).isEqualTo(6);
        assertThat(new String(followed.taken.get(5).value(), UTF_8)).isEqualTo("half a line");
        assertThat(followed.said).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnInFilesThatWereRotatedMeanwhile(boolean isPacked) throws IOException {
        log.write(5);
        followed.look(3);
        for (int i = 0; i < 3; i++) {
            log.rotate();
            log.write(2);
        }
        if (isPacked) {
            log.pack(3);
            log.pack(2);
        }
        followed.restart().look();
        assertThat(followed.numbers()).isEqualTo(numbers(11));
        assertThat(followed.said.get(0)).contains("goes on in ", "after byte 210 (line 3)");
        followed.pass(LogParts.KEPT.plusSeconds(1));
        followed.look();
        log.write(1);
        followed.look().restart().look();
        assertThat(followed.numbers()).isEqualTo(numbers(12));
        assertThat(followed.log().position().parts()).hasSize(1);
    }

    /** Who writes to it does not know yet that it was renamed. */
    @Test
    void goesOnInARenamedFileThatWasQuiet() throws IOException {
        log.write(2);
        followed.look();
        log.rotate();
        log.write(1);
        followed.look();
        followed.pass(LogParts.QUIET.plusSeconds(1));
        followed.look();
        log.writeTo(log.part(1), 2);
        log.write(1);
        followed.restart().look();
        assertThat(followed.numbers()).isEqualTo(numbers(6));
    }

    @Test
    void saysThatLinesMayBeMissingWhereACopyWasMadeMeanwhile() throws IOException {
        log.write(2);
        followed.look();
        log.write(1);
        log.copyAndTruncate();
        log.write(1);
        followed.restart().look();
        assertThat(followed.numbers()).isEqualTo(numbers(4));
        assertThat(followed.said)
                .containsExactly(
                        "%s was cut since it was read, and %s is its copy: some lines may be missing, those written between the copy and the cut"
                                .formatted(log.path(), log.part(1)),
                        "%s goes on in %s after byte 140 (line 2)"
                                .formatted(log.path(), log.part(1)));
    }

    @Test
    void saysWhereItBegins() throws IOException {
        assertThat(followed.log().start(false)).isEqualTo("from its beginning");
        log.write(5);
        followed.look(3).restart();
        assertThat(followed.log().start(true))
                .isEqualTo("on after byte 210 (line 3), the saved position");
        log.rotate();
        assertThat(followed.restart().log().start(true))
                .isEqualTo(
                        "on after byte 210 (line 3) of what is %s now, the saved position"
                                .formatted(log.part(1)));
        log.write(2);
        FollowedLines other = new FollowedLines(log.path());
        try (other) {
            other.log().skipLines();
            assertThat(other.log().start(false)).isEqualTo("on after byte 140 (line 2), its end");
        }
    }

    @Test
    void goesOnInACopyAfterARestart() throws IOException {
        log.write(5);
        followed.look(3);
        log.copyAndTruncate();
        log.write(2);
        log.copyAndTruncate();
        log.pack(2);
        log.write(3);
        followed.restart().look();
        assertThat(followed.numbers()).isEqualTo(numbers(10));
    }

    @Test
    void goesOnInARenamedFileOfWhichNoLineWasRead() throws IOException {
        Files.createFile(log.path());
        followed.look();
        log.write(2);
        log.rotate();
        log.write(1);
        assertThat(followed.restart().look().numbers()).isEqualTo(numbers(3));
    }

    @Test
    void saysWhatIsMissingWhereAFileIsGone() throws IOException {
        log.write(5);
        followed.look(3);
        Files.delete(log.path());
        log.write(2);
        followed.restart().look();
        assertThat(followed.numbers()).containsExactly(1L, 2L, 3L, 6L, 7L);
        assertThat(followed.said)
                .containsExactly(
                        log.path()
                                + " was read to byte 210 (line 3), but no file here begins with"
                                + " that any more: what was added after that, if anything, is"
                                + " missing");
    }

    @Test
    void leavesOutWhatIsThereIfItBeginsAtTheEnd() throws IOException {
        log.write(3);
        WrittenLog.append(log.path(), WrittenLog.line(4).substring(0, 10));
        followed.log().skipLines();
        WrittenLog.append(log.path(), WrittenLog.line(4).substring(10) + "\n");
        followed.look();
        assertThat(followed.numbers()).containsExactly(4L);
        assertThat(followed.taken.get(0).line()).isEqualTo(4);
        assertThat(followed.restart().look().numbers()).containsExactly(4L);
    }

    @Test
    void knowsTheFieldsOfAFileAfterARestart() throws IOException {
        WrittenLog.append(
                log.path(),
                "#Fields: date time c-ip cs-uri-stem sc-status\n2026-10-25 12:00:00 198.51.100.7 /1"
                        + " 200\n");
        followed.look();
        WrittenLog.append(
                log.path(),
                "#Fields: c-ip date time cs-uri-stem sc-status\n198.51.100.7 2026-10-25 12:00:00 /2"
                        + " 200\n");
        followed.look().restart();
        WrittenLog.append(log.path(), "198.51.100.7 2026-10-25 12:00:00 /3 200\n");
        followed.look();
        assertThat(followed.numbers()).containsExactly(1L, 2L, 3L);
    }

    /** Everything that happens to a log, in any order, with restarts in between. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sendsEachLineOnceWhateverHappens(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> events = new ArrayList<>();
        log.write(1);
        followed.look();
        for (int i = 0; i < 400; i++) {
            events.add(happen(random) + " " + log.written());
        }
        do {
            followed.pass(Duration.ofSeconds(1));
        } while (hasMore());
        List<Long> missing = numbers(log.written());
        missing.removeAll(followed.numbers());
        List<Long> twice = new ArrayList<>(followed.numbers());
        numbers(log.written()).forEach(twice::remove);
        assertThat(missing).as("missing after %s, said %s", events, followed.said).isEmpty();
        assertThat(twice).as("twice after %s, said %s", events, followed.said).isEmpty();
        assertThat(log.written()).isGreaterThan(300);
    }

    private String happen(Random random) throws IOException {
        return switch (random.nextInt(20)) {
            case 0, 1 -> {
                log.rotate();
                log.write(1 + random.nextInt(4));
                yield "rotate";
            }
            case 2 -> copyAndTruncate(random);
            case 3 -> {
                int old = 1 + random.nextInt(2);
                if (Files.exists(log.part(old))) {
                    log.pack(old);
                }
                yield "pack " + old;
            }
            case 4, 5 -> {
                followed.restart();
                yield "restart";
            }
            case 6 -> {
                followed.pass(Duration.ofSeconds(random.nextInt(90)));
                yield "time passes";
            }
            case 7 -> {
                log.write(1);
                followed.look(random.nextInt(5)).restart();
                yield "write, look, restart";
            }
            case 8, 9, 10 -> {
                followed.look(random.nextInt(10));
                yield "look";
            }
            case 11, 12, 13 -> {
                followed.look();
                yield "look at all";
            }
            default -> {
                log.write(random.nextInt(6));
                yield "write";
            }
        };
    }

    private String copyAndTruncate(Random random) throws IOException {
        log.write(1);
        followed.look(); // of a file that was empty then, no copy can be known
        log.write(random.nextInt(3));
        log.copyAndTruncate();
        log.write(random.nextInt(3));
        if (random.nextBoolean()) {
            followed.restart().look();
            return "copy, restart";
        }
        followed.look().look();
        return "copy";
    }

    private boolean hasMore() throws IOException {
        int before = followed.taken.size();
        followed.look();
        return followed.taken.size() > before;
    }

    private static List<Long> numbers(long last) {
        return LongStream.rangeClosed(1, last).boxed().collect(toCollection(ArrayList::new));
    }
}
