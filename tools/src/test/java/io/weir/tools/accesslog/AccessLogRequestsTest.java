package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import io.weir.testing.CountryFile;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.TimeSpan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogRequestsTest {

    private Path directory = Path.of("");

    @BeforeEach
    void useDirectory(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aDatabaseGivesClientsTheirCountries() throws Exception {
        Path database = directory.resolve("countries.mmdb");
        Files.write(
                database,
                CountryFile.of(
                        Map.of(
                                "192.0.2.0/24", Map.of("country", Map.of("iso_code", "BR")),
                                "198.51.100.128/25", Map.of("country_code", "US"),
                                "2001:db8::/32", Map.of("country_code", "DE"))));
        String rest = " - - [25/Oct/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 1";
        Path log =
                log(
                        "world.log",
                        "192.0.2.77" + rest,
                        "198.51.100.127" + rest,
                        "198.51.100.128:4711" + rest,
                        "2001:DB8:1::5" + rest,
                        "2001:db9::5" + rest,
                        "client.example.com" + rest,
                        "-" + rest);
        LineRules rules =
                new LineRules(LogFormatChoice.AUTO, ResponseTimeRule.AUTO, SiteBy.FILE, database);

        try (AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1, rules)) {
            assertThat(records(requests))
                    .extracting(
                            sent ->
                                    sent.value().contains("request_country")
                                            ? sent.value()
                                                    .replaceAll(
                                                            ".*request_country\":\"(..)\".*", "$1")
                                            : null)
                    .containsExactly("BR", null, "US", "DE", null, null, null);
        }
    }

    @Test
    void whatIsNoDatabaseOfCountriesIsNamed() throws Exception {
        Path log = log("a.log", "192.0.2.77 - - [25/Oct/2026:12:00:00 +0000] \"GET / H\" 200 1");
        for (Path wrong : List.of(log, directory.resolve("none.mmdb"), directory)) {
            LineRules rules =
                    new LineRules(LogFormatChoice.AUTO, ResponseTimeRule.AUTO, SiteBy.FILE, wrong);
            assertThatThrownBy(() -> AccessLogRequests.of(List.of(log), 1, rules))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("country database")
                    .hasMessageContaining(wrong.toString());
        }
    }

    @Test
    void eachHostIsASiteInTheOrderOfTheFirstRequests() throws Exception {
        Path log =
                log(
                        "hosts.log",
                        "shop.example.net:443 192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /1 HTTP/1.1\" 200 1",
                        "Blog.Example.net 192.0.2.2 - - [25/Oct/2026:12:00:01 +0000] \"GET /2 HTTP/1.1\" 200 1",
                        "192.0.2.3 - - [25/Oct/2026:12:00:02 +0000] \"GET /3 HTTP/1.1\" 200 1",
                        "SHOP.example.net. 192.0.2.4 - - [25/Oct/2026:12:00:03 +0000] \"GET /4 HTTP/1.1\" 200 1",
                        "[2001:db8::9]:443 192.0.2.5 - - [25/Oct/2026:12:00:04 +0000] \"GET /5 HTTP/1.1\" 200 1");
        LineRules byHost =
                new LineRules(LogFormatChoice.AUTO, ResponseTimeRule.AUTO, SiteBy.HOST, null);

        try (AccessLogRequests requests = AccessLogRequests.of(List.of(log), 7, byHost)) {
            assertThat(records(requests))
                    .extracting(sent -> sent.value().replaceAll("\"event_time.*\"url", "\"url"))
                    .containsExactly(
                            "{\"site_id\":7,\"url\":\"/1\",\"method\":\"GET\"}",
                            "{\"site_id\":8,\"url\":\"/2\",\"method\":\"GET\"}",
                            "192.0.2.3 - - [25/Oct/2026:12:00:02 +0000] \"GET /3 HTTP/1.1\" 200 1",
                            "{\"site_id\":7,\"url\":\"/4\",\"method\":\"GET\"}",
                            "[2001:db8::9]:443 192.0.2.5 - - [25/Oct/2026:12:00:04 +0000] \"GET /5 HTTP/1.1\" 200 1");
            assertThat(requests.domains())
                    .containsExactly(
                            Map.entry("shop.example.net", 7), Map.entry("blog.example.net", 8));
            assertThat(requests.findings().faults().shown())
                    .anyMatch(reason -> reason.contains("no host"))
                    .anyMatch(reason -> reason.contains("host is no domain"));
        }
    }

    @Test
    void makesAnEventOfALine() throws IOException {
        Path log =
                log(
                        "a.log",
                        "2001:db8::7 - alice [05/Mar/2024:15:30:02 +0530] \"GET /a?b=\\\"1 HTTP/1.1\""
                                + " 404 1024 \"-\" \"curl\"");
        assertThat(records(AccessLogRequests.of(List.of(log), 5)))
                .containsExactly(
                        new Sent(
                                "{\"site_id\":5,\"event_time\":\"2024-03-05T10:00:02Z\","
                                        + "\"status_code\":404,\"ip_address\":\"2001:db8::7\","
                                        + "\"bytes_sent\":1024,\"url\":\"/a?b=\\\\\\\"1\",\"method\":\"GET\",\"user_agent\":\"curl\"}",
                                "10:00:02",
                                "a.log",
                                1));
    }

    @Test
    void leavesOutWhatTheEventCannotSay() throws IOException {
        String longestName = "é".repeat(127) + "x"; // 255 bytes in UTF-8
        Path log =
                log(
                        "a.log",
                        longestName + " - - [05/Mar/2024:10:00:00 +0000] \"\\x16\" 400 -",
                        longestName + "x - - [05/Mar/2024:10:00:00 +0000] \"-\" 400 1099511627776",
                        "a - - [05/Mar/2024:10:00:00 +0000] \"\" 400 1099511627777");
        String start = "{\"site_id\":1,\"event_time\":\"2024-03-05T10:00:00Z\",\"status_code\":400";
        assertThat(values(log))
                .containsExactly(
                        start + ",\"ip_address\":\"" + longestName + "\"}",
                        start + ",\"bytes_sent\":1099511627776}",
                        start + ",\"ip_address\":\"a\"}");
    }

    @Test
    void takesTheTargetOfARequest() throws IOException {
        String time = "a - - [05/Mar/2024:10:00:00 +0000] \"";
        Path log =
                log(
                        "a.log",
                        time + "GET /with blanks HTTP/1.1\" 200 1",
                        time + "GET /without-protocol\" 200 1",
                        time + "GET /caf\u00e9\u0001\u0085 HTTP/1.0\" 200 1",
                        time + "GET /" + "x".repeat(3_000) + " HTTP/1.1\" 200 1",
                        time + "GET HTTP/1.1\" 200 1");
        assertThat(values(log))
                .map(value -> value.replaceFirst(".*\"bytes_sent\":1", ""))
                .map(value -> value.replace(",\"method\":\"GET\"", ""))
                .containsExactly(
                        ",\"url\":\"/with blanks\"}",
                        ",\"url\":\"/without-protocol\"}",
                        ",\"url\":\"/caf\u00e9\\u0001\u0085\"}",
                        ",\"url\":\"/" + "x".repeat(2_047) + "\"}",
                        ",\"url\":\"HTTP/1.1\"}");
    }

    @Test
    void sendsAnUnparsableLineAsItIs() throws IOException {
        Path log = log("a.log", "", "garbage \u00ff\u0000\r", request("10:00:00"));
        List<OutgoingRecord> records = outgoing(AccessLogRequests.of(List.of(log), 1));
        assertThat(records.get(0).value()).isEmpty();
        assertThat(records.get(1).value()).isEqualTo("garbage \u00ff\u0000\r".getBytes(ISO_8859_1));
    }

    @Test
    void saysWithAnUnparsableLineWhyItIsNone() throws IOException {
        Path log =
                log(
                        "a.log",
                        request("10:00:00"),
                        "garbage",
                        "a - - [05/Mar/2024:10:00:00 +0000] \"-\" 600 -",
                        "17 198.51.100.1 - - [05/Mar/2024:10:00:00 +0000] \"-\" 200 -");
        AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1);
        assertThat(outgoing(requests))
                .extracting(OutgoingRecord::reason)
                .containsExactly(
                        null, "no bracketed time", "status outside 100..599", "unknown prefix");
        assertThat(requests.findings().faults().total()).isEqualTo(3);
        assertThat(requests.findings().faults().shown())
                .contains("  no bracketed time                  1   line 2 of a.log: garbage");
    }

    /** The job decides by a record's value alone. */
    @Test
    void sendsNoLineThatTheJobWouldTakeForAnEvent() throws IOException {
        String event =
                "{\"site_id\":999,\"event_time\":\"2024-03-05T10:00:00Z\",\"status_code\":200}";
        Path log = log("a.log", request("10:00:00"), event, " \t\r" + event + "\r", "{");
        List<OutgoingRecord> records = outgoing(AccessLogRequests.of(List.of(log), 1));
        RequestDecoder decoder = new RequestDecoder(Duration.ofMinutes(5), null);
        assertThat(records)
                .extracting(record -> decoder.decode(kafkaRecord(record)).rejection() == null)
                .containsExactly(true, false, false, false);
        assertThat(records)
                .extracting(OutgoingRecord::reason)
                .containsExactly(null, "JSON", "JSON", "JSON");
        assertThat(new String(records.get(1).value(), UTF_8)).isEqualTo("not a log line: " + event);
        assertThat(LineRecords.lineOf(records.get(2).value()))
                .isEqualTo((" \t\r" + event + "\r").getBytes(UTF_8));
    }

    private static KafkaRecord kafkaRecord(OutgoingRecord record) {
        return new KafkaRecord(
                "http_requests", 0, 0, record.sendTimeMillis(), null, record.value(), List.of());
    }

    @Test
    void sendsTheResponseTimeInMilliseconds() throws IOException {
        String line = "a - - [05/Mar/2024:10:00:00 +0000] \"-\" 200 - ";
        Path log = log("a.log", line + "0.012345", line + "2.000", line + "123", line);
        String start =
                "{\"site_id\":1,\"event_time\":\"2024-03-05T10:00:00Z\",\"status_code\":200,"
                        + "\"ip_address\":\"a\"";
        assertThat(values(log))
                .containsExactly(
                        start + ",\"response_time_msec\":12.345}",
                        start + ",\"response_time_msec\":2000.000}",
                        start + "}",
                        start + "}");
        AccessLogRequests last =
                AccessLogRequests.of(
                        List.of(log),
                        1,
                        new LineRules(
                                LogFormatChoice.AUTO,
                                ResponseTimeRule.LAST_MICROS,
                                SiteBy.FILE,
                                null));
        assertThat(records(last).get(2).value())
                .isEqualTo(start + ",\"response_time_msec\":0.123}");
        assertThat(AccessLogRequests.of(List.of(log), 1).findings().responseTimes())
                .containsExactly(
                        "response times: read of 2 of 4 requests",
                        "  2: numbers with three decimals or more after the size, as seconds; of"
                                + " several the largest",
                        "  1 not read: a whole number at the end, or after rt= and the like (first"
                                + " in line 3 of a.log) may be a time in any unit or something else."
                                + " Say which with --response-time last:us (Apache's %D), last:ms,"
                                + " last:s, or off");
    }

    @Test
    void sendsNoAddressWhereThereIsNoClient() throws IOException {
        Path log = log("a.log", "- - - [05/Mar/2024:10:00:00 +0000] \"-\" 200 -");
        assertThat(values(log))
                .containsExactly(
                        "{\"site_id\":1,\"event_time\":\"2024-03-05T10:00:00Z\",\"status_code\":200}");
    }

    @Test
    void cutsAnUnparsableLineThatKafkaWouldNotTake() throws IOException {
        Path log =
                log(
                        "a.log",
                        "x".repeat(10_000_000),
                        "x".repeat(4_100_000),
                        "{" + "x".repeat(10_000_000));
        assertThat(outgoing(AccessLogRequests.of(List.of(log), 1)))
                .extracting(record -> record.value().length)
                .containsExactly((4 << 20) - (64 << 10), 4_100_000, (4 << 20) - (64 << 10));
    }

    @Test
    void sendsAtTheLargestTimeSoFar() throws IOException {
        Path log =
                log(
                        "a.log",
                        "garbage before the first time",
                        request("10:00:05"),
                        request("10:00:01"),
                        "garbage",
                        request("10:00:06"),
                        "garbage");
        AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1);
        assertThat(records(requests))
                .extracting(Sent::sendTime)
                .containsExactly(
                        "10:00:05", "10:00:05", "10:00:05", "10:00:05", "10:00:06", "10:00:06");
    }

    @Test
    void knowsLagAndTimesAndNumberOfLines() throws IOException {
        Path log =
                log(
                        "a.log",
                        request("10:00:05"),
                        "garbage",
                        request("10:02:00"),
                        request("09:59:58"),
                        request("10:03:00"),
                        request("10:01:03"));
        AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1);
        assertThat(requests.size()).isEqualTo(6);
        assertThat(requests.worstLag()).isEqualTo(Duration.ofSeconds(122));
        assertThat(requests.eventTimes()).isEqualTo(new TimeSpan(at("09:59:58"), at("10:03:00")));
    }

    @Test
    void mergesFilesByTime() throws IOException {
        Path a = log("a.log", request("10:00:01"), "after 1", "still", request("10:00:04"), "last");
        Path b = zipped("b.log.gz", "first", request("10:00:01"), request("10:00:03"));
        Path c = log("c.log", request("10:00:05"), request("10:00:02"), "after 2");
        AccessLogRequests requests = AccessLogRequests.of(List.of(a, b, c), 10);
        assertThat(records(requests))
                .containsExactly(
                        new Sent("first", "10:00:01", "b.log.gz", 1),
                        new Sent(event(10, "10:00:01"), "10:00:01", "a.log", 1),
                        new Sent("after 1", "10:00:01", "a.log", 2),
                        new Sent("still", "10:00:01", "a.log", 3),
                        new Sent(event(11, "10:00:01"), "10:00:01", "b.log.gz", 2),
                        new Sent(event(11, "10:00:03"), "10:00:03", "b.log.gz", 3),
                        new Sent(event(10, "10:00:04"), "10:00:04", "a.log", 4),
                        new Sent("last", "10:00:04", "a.log", 5),
                        new Sent(event(12, "10:00:05"), "10:00:05", "c.log", 1),
                        new Sent(event(12, "10:00:02"), "10:00:05", "c.log", 2),
                        new Sent("after 2", "10:00:05", "c.log", 3));
        assertThat(requests.worstLag()).isEqualTo(Duration.ofSeconds(3));
        assertThat(records(requests)).isEqualTo(records(requests));
    }

    @Test
    void namesFilesOfTheSameNameByTheirPath() throws IOException {
        Files.createDirectories(directory.resolve("x"));
        Path a = log("a.log", request("10:00:00"));
        Path b = log("x/a.log", request("10:00:01"));
        Path c = log("c.log", request("10:00:02"));
        assertThat(records(AccessLogRequests.of(List.of(a, b, c), 1)))
                .extracting(Sent::source)
                .containsExactly(a.toString(), b.toString(), "c.log");
    }

    @Test
    void takesTheTimeOfReadingWhereNoLineHasOne() throws IOException {
        Instant before = Instant.now();
        AccessLogRequests requests = AccessLogRequests.of(List.of(log("a.log", "garbage")), 1);
        assertThat(requests.eventTimes().first()).isBetween(before, Instant.now());
        assertThat(requests.worstLag()).isZero();
        assertThat(outgoing(requests)).hasSize(1);
    }

    @Test
    void hasNothingToSendOfAnEmptyFile() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.log"));
        AccessLogRequests requests = AccessLogRequests.of(List.of(empty), 1);
        assertThat(requests.size()).isZero();
        assertThat(outgoing(requests)).isEmpty();
    }

    @Test
    void rejectsOfTheQuirksExactlyTheLinesThatAreNoRequests() throws Exception {
        Path quirks =
                Path.of(
                        Objects.requireNonNull(getClass().getResource("quirks.log"), "quirks.log")
                                .toURI());
        AccessLogRequests requests = AccessLogRequests.of(List.of(quirks), 1);
        assertThat(requests.size()).isEqualTo(63);
        assertThat(outgoing(requests))
                .filteredOn(record -> !new String(record.value(), UTF_8).startsWith("{"))
                .extracting(OutgoingRecord::line)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(32, 62)
                                .filter(line -> line < 39 || line == 42 || line > 44 && line != 51)
                                .boxed()
                                .toList());
    }

    @Test
    void saysWhichFileItCannotRead() throws IOException {
        Path missing = directory.resolve("missing.log");
        Path good = log("good.log", request("10:00:00"));
        assertRefused(missing, "there is no access log " + missing);
        assertRefused(directory, directory + " is a folder: name the access logs in it");
        assertThatThrownBy(() -> AccessLogRequests.of(List.of(good, missing), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void saysWhichOfThreeFilesIsCutAndWhere() throws IOException {
        String[] lines = new String[20_000];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = request("10:00:00") + " \"" + i * 7919 + "\"";
        }
        byte[] whole = Files.readAllBytes(zipped("whole.log.gz", lines));
        Path cut = directory.resolve("cut.log.gz");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        Path a = log("a.log", request("10:00:00"));
        Path b = log("b.log", request("10:00:01"));
        assertThatThrownBy(() -> AccessLogRequests.of(List.of(a, cut, b), 1))
                .isInstanceOf(IOException.class)
                .hasNoCause() // or commands would show it without the file
                .hasMessageMatching("cannot read \\Q" + cut + "\\E after line \\d{4,}: .+");
    }

    @Test
    void namesAPipeByItsPath() throws Exception {
        Path pipe = directory.resolve("63");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Process writer = new ProcessBuilder("sh", "-c", "echo line >" + pipe).inheritIO().start();
        try (AccessLogRequests requests = AccessLogRequests.of(List.of(pipe), 1)) {
            assertThat(records(requests)).extracting(Sent::source).containsExactly(pipe.toString());
        }
        assertThat(writer.waitFor()).isZero();
    }

    @Test
    void sendsWhatWasCountedWhateverBecomesOfTheFile() throws IOException {
        Path log = log("a.log", request("10:00:00"), request("10:00:01"));
        try (AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1)) {
            Files.writeString(log, request("10:00:02") + "\n", StandardOpenOption.APPEND);
            assertThat(requests.size()).isEqualTo(2);
            assertThat(outgoing(requests)).hasSize(2);
            Files.delete(log);
            assertThat(outgoing(requests)).hasSize(2);
            assertThat(requests.notes())
                    .containsExactly(
                            "a.log is being written to: what it held when it was opened counts");
        }
    }

    @Test
    void saysThatAFileWasCutSinceItWasReadFirst() throws IOException {
        Path log = log("a.log", request("10:00:00"));
        AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1);
        Files.writeString(log, "");
        assertThatThrownBy(requests::iterator)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot read " + log + ": it held ");
    }

    @Test
    void readsThePartsOfALogOneAfterTheOther() throws IOException {
        Path current = log("a.log", "no time", request("10:00:03"));
        Path oldest = zipped("a.log.2.gz", request("10:00:01"), "after 1");
        Path older = log("a.log.1", request("10:00:02"));
        Path other = log("b.log", request("10:00:02"));
        assertThat(records(AccessLogRequests.of(List.of(current, older, oldest, other), 7)))
                .containsExactly(
                        new Sent(event(7, "10:00:01"), "10:00:01", "a.log.2.gz", 1),
                        new Sent("after 1", "10:00:01", "a.log.2.gz", 2),
                        new Sent(event(7, "10:00:02"), "10:00:02", "a.log.1", 1),
                        new Sent("no time", "10:00:02", "a.log", 1),
                        new Sent(event(8, "10:00:02"), "10:00:02", "b.log", 1),
                        new Sent(event(7, "10:00:03"), "10:00:03", "a.log", 2));
    }

    @Test
    void doesNotBelieveATimeFarFromTheOthers() throws IOException {
        String far = "a - - [31/Dec/9999:23:59:59 +0000] \"-\" 200 -";
        Path log = log("a.log", request("10:00:00"), far, request("10:00:07"));
        AccessLogRequests requests = AccessLogRequests.of(List.of(log), 1);
        assertThat(requests.size()).isEqualTo(3);
        assertThat(requests.eventTimes()).isEqualTo(new TimeSpan(at("10:00:00"), at("10:00:07")));
        assertThat(requests.worstLag()).isZero();
        assertThat(records(requests))
                .containsExactly(
                        new Sent(event(1, "10:00:00"), "10:00:00", "a.log", 1),
                        new Sent(far, "10:00:00", "a.log", 2),
                        new Sent(event(1, "10:00:07"), "10:00:07", "a.log", 3));
        assertThat(requests.notes())
                .containsExactly(
                        "1 line rejected: dated too many years from the other requests; the"
                                + " first is line 2 of a.log");
    }

    @Test
    void refusesANegativeSiteAndNoFile() throws IOException {
        Path log = log("a.log", request("10:00:00"));
        assertThatThrownBy(() -> AccessLogRequests.of(List.of(log), -1))
                .hasMessage("site ids must be 0 to 2147483647, but the first of 1 is -1");
        assertThatThrownBy(() -> AccessLogRequests.of(List.of(), 1))
                .hasMessage("no access log is named");
    }

    /** A record for comparison: arrays have no equals of their own. */
    private record Sent(String value, String sendTime, String source, long line) {}

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> AccessLogRequests.of(List.of(file), 1))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    private static List<OutgoingRecord> outgoing(AccessLogRequests requests) {
        List<OutgoingRecord> records = new ArrayList<>();
        requests.iterator().forEachRemaining(records::add);
        return records;
    }

    private static List<Sent> records(AccessLogRequests requests) {
        return outgoing(requests).stream()
                .map(
                        record ->
                                new Sent(
                                        new String(record.value(), UTF_8),
                                        Instant.ofEpochMilli(record.sendTimeMillis())
                                                .toString()
                                                .substring(11, 19),
                                        record.source(),
                                        record.line()))
                .toList();
    }

    private static List<String> values(Path log) throws IOException {
        return records(AccessLogRequests.of(List.of(log), 1)).stream().map(Sent::value).toList();
    }

    private static String request(String time) {
        return "a - - [05/Mar/2024:" + time + " +0000] \"-\" 200 -";
    }

    private static String event(int site, String time) {
        return "{\"site_id\":%d,\"event_time\":\"2024-03-05T%sZ\",\"status_code\":200,\"ip_address\":\"a\"}"
                .formatted(site, time);
    }

    private static Instant at(String time) {
        return Instant.parse("2024-03-05T" + time + "Z");
    }

    private Path log(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), bytes(lines));
    }

    private Path zipped(String name, String... lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(bytes(lines));
        }
        return Files.write(directory.resolve(name), bytes.toByteArray());
    }

    private static byte[] bytes(String... lines) {
        return (String.join("\n", lines) + "\n").getBytes(ISO_8859_1);
    }
}
