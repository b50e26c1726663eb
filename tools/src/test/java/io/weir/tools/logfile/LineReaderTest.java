package io.weir.tools.logfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void endsLinesWithALineFeedOnly() throws IOException {
        assertThat(lines("a\nb\r\n\n\u0085c\rd\n")).containsExactly("a", "b\r", "", "\u0085c\rd");
    }

    @Test
    void endsLinesWithCarriageReturnsWhereTheFirstLinesDo() throws IOException {
        assertThat(lines("a\rb\r\rc")).containsExactly("a", "b", "", "c");
        String filling = "f".repeat(70_000);
        assertThat(lines("a\r" + filling + "\rb\nc\r\nd\r\r\ne"))
                .containsExactly("a", filling, "b", "c", "d", "", "e");
    }

    @Test
    void leavesOutNulsInFrontOfALineAndHolesAnywhere() throws IOException {
        assertThat(lines("\0\0a\0b\0\n\0\0\nc\0")).containsExactly("a\0b\0", "", "c");
        assertThat(lines("a\n\0\0\0")).containsExactly("a");
        assertThat(lines("\0a\rb")).containsExactly("a", "b");
        String hole16 = "\0".repeat(16);
        assertThat(lines("a" + hole16 + "b" + hole16.substring(1) + "c\n"))
                .containsExactly("ab" + hole16.substring(1) + "c");
        String filling = "f".repeat((64 << 10) - 5); // a run over the end of the buffer
        assertThat(lines(filling + "\0".repeat(10) + "a\n" + filling + hole16 + "b"))
                .containsExactly(filling + "\0".repeat(10) + "a", filling + "b");
        InputStream hole = new Repeated((byte) 0, LineReader.MAX_LINE_LENGTH * 2L);
        InputStream line = new ByteArrayInputStream("a\nb".getBytes(ISO_8859_1));
        assertThat(lines(new SequenceInputStream(hole, line))).containsExactly("a", "b");
    }

    @Test
    void leavesOutTheMarkBeforeALine() throws IOException {
        assertThat(lines("\u00ef\u00bb\u00bfa\n\u00ef\u00bb\u00bfb\u00ef\u00bb\u00bf"))
                .containsExactly("a", "b\u00ef\u00bb\u00bf");
    }

    @Test
    void leavesOutALastLineThatIsHalfWritten() throws IOException {
        try (LineReader reader =
                new LineReader(new ByteArrayInputStream("a\nb".getBytes(ISO_8859_1)), () -> true)) {
            assertThat(reader.next()).isEqualTo("a".getBytes(ISO_8859_1));
            assertThat(reader.next()).isNull();
            assertThat(reader.lines()).isEqualTo(1);
        }
    }

    @Test
    void refusesALineThatIsTooLong() {
        InputStream endless = new Repeated((byte) 'x', Long.MAX_VALUE);
        assertThatThrownBy(() -> lines(endless)).hasMessage("a line is longer than 67108864 bytes");
    }

    @Test
    void takesALastLineWithoutLineFeed() throws IOException {
        assertThat(lines("a\nb")).containsExactly("a", "b");
        assertThat(lines("\n")).containsExactly("");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void joinsALineThatIsLongerThanItsBuffer() throws IOException {
        String filling = "f".repeat((64 << 10) - 1);
        String longLine = "l".repeat(200_000);
        assertThat(lines(filling + "\n" + longLine + "\n\nz"))
                .containsExactly(filling, longLine, "", "z");
        assertThat(lines(filling + "fg\nz")).containsExactly(filling + "fg", "z");
        assertThat(lines(filling + "f\nz")).containsExactly(filling + "f", "z");
        assertThat(lines(longLine)).containsExactly(longLine);
    }

    private static List<String> lines(String text) throws IOException {
        return lines(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
    }

    private static List<String> lines(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(in, () -> false)) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                lines.add(new String(line, ISO_8859_1));
                assertThat(reader.lines()).isEqualTo(lines.size());
            }
        }
        return lines;
    }

    /** The same byte again and again. */
    private static final class Repeated extends InputStream {

        private final byte value;
        private long left;

        Repeated(byte value, long bytes) {
            this.value = value;
            this.left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? value : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int read = (int) Math.min(length, left);
            Arrays.fill(bytes, offset, offset + read, value);
            left -= read;
            return read == 0 ? -1 : read;
        }
    }
}
