package io.weir.tools.logfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class LogFileTest {

    /** What makes the bytes to be read. */
    private enum Packing {
        GZIP,
        ZSTD,
        XZ,
        BZIP2;

        byte[] pack(byte[] bytes) throws IOException {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out =
                    switch (this) {
                        case GZIP -> new GZIPOutputStream(packed);
                        case ZSTD -> new ZstdOutputStream(packed);
                        case XZ -> new XZOutputStream(packed, new LZMA2Options(0));
                        case BZIP2 -> new BZip2CompressorOutputStream(packed, 1);
                    }) {
                out.write(bytes);
            }
            return packed.toByteArray();
        }
    }

    private Path directory = Path.of("");

    @BeforeEach
    void useDirectory(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource
    void knowsACompressionByItsBytesAndReadsJoinedFiles(Packing packing) throws IOException {
        byte[] one = packing.pack(bytes("a\nb\n"));
        byte[] other = packing.pack(bytes("c\nd\n"));
        for (String name : List.of("x.log", "x.log.gz.1", "X.GZ", "x")) {
            Path file = Files.write(directory.resolve(name), joined(one, other));
            assertThat(lines(file)).containsExactly("a", "b", "c", "d");
        }
    }

    /** The JDK's own stream takes what is available at once for all there is. */
    @Test
    void readsManyJoinedFiles() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            packed.writeBytes(Packing.GZIP.pack(bytes("line " + i + "\n")));
            expected.add("line " + i);
        }
        assertThat(lines(file("many.gz", packed.toByteArray()))).isEqualTo(expected);
    }

    /** As tapes pad files, and as crashes leave them. */
    @Test
    void leavesOutNulsAfterPackedBytes() throws IOException {
        byte[] one = Packing.GZIP.pack(bytes("a\n"));
        byte[] other = Packing.GZIP.pack(bytes("b\n"));
        byte[] padded = joined(joined(one, new byte[100_000]), joined(other, new byte[9]));
        assertThat(lines(file("x.gz", padded))).containsExactly("a", "b");
    }

    @Test
    void readsAPlainFileOfAnyName() throws IOException {
        for (String name : List.of("x.gz", "x.zst", "x.bz2", "x.xz")) {
            assertThat(lines(file(name, bytes("a\nBZh9\n")))).containsExactly("a", "BZh9");
        }
        assertThat(lines(file("x", bytes("BZh9 is no client\n")))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void givesEveryLineBeforeACut(Packing packing) throws IOException {
        byte[] text =
                bytes(
                        IntStream.range(0, 40_000)
                                .mapToObj(i -> i + " " + i * 7919L % 65_537 + "\n")
                                .reduce(new StringBuilder(), StringBuilder::append, (a, b) -> a)
                                .toString());
        byte[] packed = packing.pack(text);
        for (int length : List.of(packed.length / 2, packed.length - 1, 12)) {
            byte[] cut = Arrays.copyOf(packed, length);
            Path file = file("cut", cut);
            List<String> found = new ArrayList<>();
            assertThatThrownBy(() -> readInto(found, file))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                            "its (gzip|zstd|xz|bzip2) data ends there: it was cut, or is still"
                                    + " being written");
            String expected = new String(text, ISO_8859_1);
            assertThat(String.join("\n", found)).isEqualTo(start(expected, found));
            if (packing == Packing.GZIP && length < packed.length - 8) { // not in the trailer
                assertThat(found).hasSize(linesIn(inflated(cut)));
            }
        }
    }

    @Test
    void saysThatBytesAreDamaged() throws IOException {
        byte[] packed = Packing.GZIP.pack(bytes("a\nb\n"));
        packed[packed.length - 8] ^= 1; // of the checksum
        assertThatThrownBy(() -> lines(file("x", packed)))
                .hasMessageStartingWith("its gzip data is damaged there: ");
        byte[] followed = joined(Packing.GZIP.pack(bytes("a\n")), bytes("plain\n"));
        assertThatThrownBy(() -> lines(file("x", followed)))
                .hasMessageStartingWith("its gzip data is damaged there: ");
    }

    @Test
    void refusesWhatItDoesNotUnpack() throws IOException {
        Path zip = file("x.zip", new byte[] {'P', 'K', 3, 4, 20, 0});
        assertThatThrownBy(() -> LogFile.open(zip))
                .hasMessage(zip + " is compressed by zip: unpack it first");
        byte[] tar = new byte[1024];
        System.arraycopy(bytes("access.log"), 0, tar, 0, 10);
        System.arraycopy(bytes("ustar"), 0, tar, 257, 5);
        assertThatThrownBy(() -> lines(file("x.tgz", Packing.GZIP.pack(tar))))
                .hasMessage("it is a tar archive: unpack it first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
    void readsTextWithAByteOrderMark(String charset) throws IOException {
        byte[] text = "\uFEFFé\r\n漢\r\n".getBytes(Charset.forName(charset));
        assertThat(utf8Lines(file("x", text))).containsExactly("é\r", "漢\r");
        assertThat(utf8Lines(file("x", Packing.GZIP.pack(text)))).containsExactly("é\r", "漢\r");
    }

    @Test
    void readsWhatAFileHeldWhenItWasOpened() throws IOException {
        Path file = file("access.log", bytes("a\nb\n"));
        try (LogFile log = LogFile.open(file)) {
            append(file, "c\n");
            assertThat(lines(log)).containsExactly("a", "b");
            Files.move(file, directory.resolve("access.log.1"));
            Files.writeString(file, "d\n");
            assertThat(lines(log)).containsExactly("a", "b");
            Files.delete(directory.resolve("access.log.1"));
            assertThat(lines(log)).containsExactly("a", "b");
            assertThat(log.hasGrown()).isTrue();
        }
    }

    @Test
    void leavesALastLineOutIfItIsWrittenMeanwhile() throws IOException {
        Path file = file("access.log", bytes("a\nha"));
        try (LogFile log = LogFile.open(file)) {
            append(file, "lf\n");
            assertThat(lines(log)).containsExactly("a");
            assertThat(lines(log)).containsExactly("a");
        }
        try (LogFile log = LogFile.open(file("still.log", bytes("a\nwhole")))) {
            assertThat(lines(log)).containsExactly("a", "whole");
            append(log.path(), "more\n");
            assertThat(lines(log)).containsExactly("a", "whole");
        }
    }

    @Test
    void saysThatAFileWasCutOrOverwrittenMeanwhile() throws IOException {
        Path file = file("access.log", bytes("a\nb\n"));
        try (LogFile log = LogFile.open(file)) {
            assertThat(lines(log)).containsExactly("a", "b");
            Files.write(file, bytes("c\n"));
            assertThatThrownBy(() -> lines(log))
                    .hasMessageStartingWith(
                            "it held 4 bytes when it was opened and was cut to 2 while it was"
                                    + " read");
            Files.write(file, bytes("c\nd\n and more"));
            assertThatThrownBy(() -> lines(log))
                    .hasMessageStartingWith("it was overwritten while it was read");
        }
    }

    @Test
    void readsTheLinesAfterAHole() throws IOException {
        Path file = directory.resolve("access.log");
        try (RandomAccessFile holed = new RandomAccessFile(file.toFile(), "rw")) {
            holed.seek(100L << 20);
            holed.write(bytes("a\nb\n"));
        }
        assertThat(lines(file)).containsExactly("a", "b");
    }

    @Test
    void readsAPipeSeveralTimesAndLeavesNoFile() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        byte[] packed = Packing.ZSTD.pack(bytes("a\nb\n"));
        Thread writer =
                new Thread(
                        () -> {
                            try {
                                Files.write(pipe, packed, StandardOpenOption.WRITE);
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        writer.start();
        List<Path> before = spooled();
        try (LogFile log = LogFile.open(pipe)) {
            assertThat(lines(log)).containsExactly("a", "b");
            assertThat(lines(log)).containsExactly("a", "b");
            assertThat(spooled()).isEqualTo(before);
        }
        writer.join();
    }

    @Test
    void copiesNoMoreOfAPipeThanTheMost() throws IOException {
        InputStream in = new ByteArrayInputStream(new byte[100_001]);
        List<Path> before = spooled();
        assertThatThrownBy(() -> HeldBytes.spooled(in, "the standard input", 100_000))
                .hasMessage(
                        "the standard input has more than 100,000 bytes, the most that is copied"
                                + " to a temporary file: save it to a file and name that");
        assertThat(spooled()).isEqualTo(before);
        try (HeldBytes whole =
                HeldBytes.spooled(new ByteArrayInputStream(new byte[100_000]), "x", 100_000)) {
            assertThat(whole.read().readAllBytes()).hasSize(100_000);
        }
    }

    @Test
    void saysWhichFileItCannotOpen() {
        Path missing = directory.resolve("missing.log");
        assertThatThrownBy(() -> LogFile.open(missing))
                .hasMessage("there is no access log " + missing);
        assertThatThrownBy(() -> LogFile.open(directory))
                .hasMessage(directory + " is a folder: name the access logs in it");
    }

    private static List<Path> spooled() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("weir-log-"))
                    .sorted()
                    .toList();
        }
    }

    /** As far as a decoder that fails has got, without a trailer. */
    private static byte[] inflated(byte[] gzip) {
        Inflater inflater = new Inflater(true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            inflater.setInput(gzip, 10, gzip.length - 10);
            byte[] buffer = new byte[1000];
            for (int n = inflater.inflate(buffer); n > 0; n = inflater.inflate(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (java.util.zip.DataFormatException e) {
            throw new IllegalStateException(e);
        } finally {
            inflater.end();
        }
        return out.toByteArray();
    }

    private static int linesIn(byte[] text) {
        return (int) IntStream.range(0, text.length).filter(i -> text[i] == '\n').count();
    }

    private static String start(String text, List<String> lines) {
        int length = lines.stream().mapToInt(String::length).sum() + Math.max(0, lines.size() - 1);
        return text.substring(0, length);
    }

    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        readInto(lines, file);
        return lines;
    }

    private static List<String> utf8Lines(Path file) throws IOException {
        return lines(file).stream()
                .map(line -> new String(line.getBytes(ISO_8859_1), UTF_8))
                .toList();
    }

    private static void readInto(List<String> lines, Path file) throws IOException {
        try (LogFile log = LogFile.open(file)) {
            readInto(lines, log);
        }
    }

    private static List<String> lines(LogFile log) throws IOException {
        List<String> lines = new ArrayList<>();
        readInto(lines, log);
        return lines;
    }

    private static void readInto(List<String> lines, LogFile log) throws IOException {
        try (LineReader reader = log.lines()) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                lines.add(new String(line, ISO_8859_1));
            }
        }
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private static void append(Path file, String text) throws IOException {
        Files.write(file, bytes(text), StandardOpenOption.APPEND);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
