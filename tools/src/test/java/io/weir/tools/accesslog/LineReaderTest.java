package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void endsLinesWithALineFeedOnly() throws IOException {
        assertThat(lines("a\nb\r\n\n\u0085c\rd\n")).containsExactly("a", "b\r", "", "\u0085c\rd");
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
        List<String> lines = new ArrayList<>();
        try (LineReader reader =
                new LineReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1)))) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                lines.add(new String(line, ISO_8859_1));
                assertThat(reader.lines()).isEqualTo(lines.size());
            }
        }
        return lines;
    }
}
