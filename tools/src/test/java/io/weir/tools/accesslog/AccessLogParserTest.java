package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expectations of quirks.log stand in quirks.expected.tsv; a Python program made most of them. */
class AccessLogParserTest {

    private static final String TIME = "[05/Mar/2024:10:00:00 +0000] ";

    @Test
    void readsEveryLineOfTheQuirksAsExpected() throws Exception {
        List<String> expected =
                new ArrayList<>(
                        new String(resource("quirks.expected.tsv"), UTF_8).lines().toList());
        expected.remove(0);
        List<String> lines =
                List.of(new String(resource("quirks.log"), ISO_8859_1).split("\n", -1));
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            found.add((found.size() + 1) + "\t" + columns(parse(line)));
        }
        assertThat(found).containsExactlyElementsOf(expected);
    }

    @Test
    void keepsASizeThatNoLongCanHoldAsTheLargestLong() {
        LogLine line = parse("a - - " + TIME + "\"GET /\" 200 " + "9".repeat(5_000));
        assertThat(line)
                .isEqualTo(
                        new ParsedLine(
                                null,
                                "a",
                                Instant.parse("2024-03-05T10:00:00Z"),
                                "GET /",
                                200,
                                Long.MAX_VALUE,
                                ResponseTime.NONE,
                                SentHeaders.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[",
                "\"",
                "\\",
                "\\\"",
                " ",
                "\" 200 ",
                "\" 200 x",
                "[05/Mar/2024:10:00:00 +0000] ",
                "[05/Mar/2024:10:00:00 +0000] \"",
                "[05/Mar/2024:10:00:00 +0000] \"\\",
                "[05/Mar/2024:10:00:00 +0000] \"a\" ",
                "] \"",
                ",",
                ", ",
                "a,",
                "1.",
                "1:",
                "::",
                "%",
                "1 ",
                "- ",
                "a= ",
                "rt=\"",
                "0.123 ",
                "5/",
                "*",
                "<1>",
                "Oct 25 12:00:00 a: ",
                "[pod/a] ",
                "[a=\"",
                "{\"a\":",
                "\t"
            })
    void takesHostileLinesOfMegabytesAtTheSpeedOfOthers(String part) {
        String hostile = part.repeat(3_000_000 / part.length());
        for (String start :
                List.of("", "a - - ", "a - - " + TIME + "\"", "a - - " + TIME + "\"\\")) {
            LogLine line =
                    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> parse(start + hostile));
            assertThat(line).isInstanceOf(UnparsableLine.class);
        }
        String request = TIME + "\"GET /\" 200 5 ";
        for (String line : List.of(hostile + " " + request, "a - - " + request + hostile)) {
            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> parse(line)))
                    .isNotNull();
        }
    }

    /** C: common, B: combined, V: with the host in front. */
    @ParameterizedTest
    @CsvSource({
        "'', 'common, combined or vhost_combined'",
        "C, common",
        "B, combined",
        "VB, vhost_combined",
        "VC, common with the host in front",
        "C B, common and combined",
        "B VB B C, 'common, combined and vhost_combined'"
    })
    void saysWhichFormatsTheLinesHad(String kinds, String name) {
        AccessLogParser parser = new AccessLogParser(ResponseTimeRule.AUTO);
        LogLine unused = parser.parse("no request \"-\" \"curl\"".getBytes(UTF_8));
        for (String kind : kinds.isEmpty() ? new String[0] : kinds.split(" ", -1)) {
            String line =
                    (kind.startsWith("V") ? "www.example.com:443 " : "")
                            + "198.51.100.1 - - "
                            + TIME
                            + "\"GET / HTTP/1.1\" 200 5"
                            + (kind.endsWith("B")
                                    ? " \"-\" \"a \\\"b\\\"\" 0.012"
                                    : " \"-\" 0.012");
            assertThat(parser.parse(line.getBytes(UTF_8))).isInstanceOf(ParsedLine.class);
        }
        assertThat(parser.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "31/Dec/2016:23:59:60 +0000, 2016-12-31T23:59:59Z",
        "01/Jan/2017:05:29:60.500 +0530, 2016-12-31T23:59:59.500Z",
        "25/oct/2026:17:30:00 +0530, 2026-10-25T12:00:00Z",
        "25/OCT/2026:08:30:00 -0330, 2026-10-25T12:00:00Z",
        "2026-10-25 12:00:00 +0000, 2026-10-25T12:00:00Z",
        "2026-10-25 14:00:00.250+02:00, 2026-10-25T12:00:00.250Z"
    })
    void readsTimesAsServersWriteThem(String time, Instant instant) {
        LogLine line = parse("a - - [" + time + "] \"GET /\" 200 7");
        assertThat(((ParsedLine) line).time()).isEqualTo(instant);
    }

    @ParameterizedTest
    @CsvSource({
        "25/Oct/2026:12:00:60 +0000, NO_REAL_DATE",
        "31/Dec/2016:23:59:60 +0530, NO_REAL_DATE",
        "31/Dec/2016:23:59:61 +0000, NO_REAL_DATE",
        "25/Okt/2026:12:00:00 +0000, NO_REAL_DATE",
        "2026-10-25 12:00:00, UNKNOWN_TIME"
    })
    void readsNoTimesThatAreNone(String time, LineFault fault) {
        assertThat(parse("a - - [" + time + "] \"GET /\" 200 7"))
                .isEqualTo(new UnparsableLine(fault));
    }

    @Test
    void findsTheRequestBehindTenMegabytesOfAnything() {
        String request = "GET /" + "\"[x".repeat(3_000_000);
        LogLine line =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(10),
                        () -> parse("a - - " + TIME + '"' + request + "\" 200 7"));
        assertThat(line)
                .isEqualTo(
                        new ParsedLine(
                                null,
                                "a",
                                Instant.parse("2024-03-05T10:00:00Z"),
                                request,
                                200,
                                7L,
                                ResponseTime.NONE,
                                SentHeaders.NONE));
    }

    private static LogLine parse(String line) {
        return LineRules.DEFAULT.open().parse(line.getBytes(ISO_8859_1));
    }

    private static String columns(LogLine line) {
        if (line instanceof ParsedLine parsed) {
            return String.join(
                    "\t",
                    parsed.time().toString(),
                    Integer.toString(parsed.status()),
                    parsed.size() == null ? "-" : Long.toString(parsed.size()),
                    parsed.client() == null ? "-" : parsed.client(),
                    parsed.request());
        }
        return "rejected\t\t\t\t" + ((UnparsableLine) line).fault().reason();
    }

    private static byte[] resource(String name) throws Exception {
        try (InputStream in = AccessLogParserTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
