package io.weir.tools.send;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Out-of-orderness is 10 s and allowed lateness 10 min. So the minute of 10:00 is past when a time
 * of 10:11:10 has been seen: 10:01 + 10 min + 10 s.
 */
class LedgerTest {

    private static final String SOON = "10:00:01";

    private final Ledger ledger = new Ledger(2, Duration.ofSeconds(10), Duration.ofMinutes(10));

    @Test
    void countsUntilAMillisecondBeforeTheMinuteIsPast() {
        enter(0, "10:11:09.999", "10:00:59.999");
        assertOutcomes(1, 0);
    }

    @Test
    void countsItsOwnSendTimeBeforeItJudges() {
        enter(0, "10:11:10", "10:00:59.999");
        assertOutcomes(0, 1);
    }

    @Test
    void judgesByTheMinuteAndNotByTheEventTime() {
        enter(0, "10:11:10", "10:01:00");
        assertOutcomes(1, 0);
    }

    @Test
    void anEventTimeAheadMovesTheClock() {
        enter(0, SOON, "10:11:10");
        enter(0, SOON, "10:00:59.999");
        assertOutcomes(1, 1);
    }

    @Test
    void anEventTimeAMillisecondLessAheadDoesNot() {
        enter(0, SOON, "10:11:09.999");
        enter(0, SOON, "10:00:59.999");
        assertOutcomes(2, 0);
    }

    @Test
    void aLateRequestMovesTheClockToo() {
        enter(0, "10:30:10", "10:00:00"); // late
        enter(0, SOON, "10:19:59.999"); // 10:20 + 10 min <= 10:30:10 - 10 s
        enter(0, SOON, "10:20:00");
        assertOutcomes(1, 2);
    }

    @Test
    void eachPartitionHasAClockOfItsOwn() {
        enter(0, "10:30:00", "10:30:00");
        enter(1, "10:11:09", "10:00:00");
        assertOutcomes(2, 0);
        enter(1, "10:11:10", "10:00:00");
        assertOutcomes(2, 1);
    }

    @Test
    void theClockNeverGoesBack() {
        enter(0, "10:11:10", "10:11:10");
        enter(0, SOON, SOON);
        assertOutcomes(1, 1);
    }

    @Test
    void countsRejectedRecordsByReason() {
        ledger.enterRejected("not_json");
        ledger.enterRejected("too_large");
        ledger.enterRejected("not_json");
        enter(0, SOON, SOON);
        assertThat(ledger.totals())
                .isEqualTo(
                        Map.of(
                                "counted", 1L,
                                "late", 0L,
                                "rejected:not_json", 2L,
                                "rejected:too_large", 1L));
    }

    @Test
    void writesWhatMustBeCounted(@TempDir Path directory) throws Exception {
        ledger.enterRequest(0, at("10:00:00"), request(7, "10:00:00", 200, "a", 1_499L, 10L, "BR"));
        ledger.enterRequest(0, at("10:00:01"), request(7, "10:00:59", 399, "a", 1_500L, 20L, "US"));
        ledger.enterRequest(1, at("10:00:02"), request(7, "10:00:30", 400, "b", 499L, null, "US"));
        ledger.enterRequest(1, at("10:00:02"), request(7, "10:01:00", 503, null, null, null, "XX"));
        ledger.enterRequest(0, at("10:00:03"), request(2, "10:01:00", 200, "a", 500L, 5L, null));
        ledger.enterRejected("not_json");

        ledger.write(directory.resolve("new"));

        assertThat(Files.readString(directory.resolve("new/sent_1min.csv")))
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "site_id,bucket,request_count,success_count,error_count,timed_count,"
                                        + "response_time_sum_usec,response_time_max_usec,bytes_sum,"
                                        + "country_counters,status_counters,"
                                        + "distinct_ip_address_exact,duplicate_count",
                                "2,2026-03-05T10:01:00Z,1,1,0,1,1,1,5,"
                                        + "\"{\"\"ZZ\"\": 1}\",\"{\"\"200\"\": 1}\",1,0",
                                "7,2026-03-05T10:00:00Z,3,2,1,3,3,2,30,"
                                        + "\"{\"\"BR\"\": 1, \"\"US\"\": 2}\","
                                        + "\"{\"\"200\"\": 1, \"\"399\"\": 1, \"\"400\"\": 1}\",2,0",
                                "7,2026-03-05T10:01:00Z,1,0,1,0,0,,0,"
                                        + "\"{\"\"ZZ\"\": 1}\",\"{\"\"503\"\": 1}\",0,0",
                                ""));
        assertThat(Files.readString(directory.resolve("new/sent_totals.csv")))
                .isEqualTo("outcome,records\r\ncounted,5\r\nlate,0\r\nrejected:not_json,1\r\n");
    }

    @Test
    void writesLateRequestsApart(@TempDir Path directory) throws Exception {
        ledger.enterRequest(0, at("10:30:00"), request(7, "10:30:00", 200, "a", 1L, 10L, "BR"));
        ledger.enterRequest(0, at("10:30:01"), request(7, "10:02:00", 404, "b", 2_000L, 5L, "DE"));

        ledger.write(directory);

        assertThat(Files.readAllLines(directory.resolve("sent_1min.csv")))
                .hasSize(2)
                .element(1, as(STRING))
                .startsWith("7,2026-03-05T10:30:00Z,1,1,0,");
        assertThat(Files.readAllLines(directory.resolve("sent_1min_late.csv")))
                .hasSize(2)
                .element(1)
                .isEqualTo(
                        "7,2026-03-05T10:02:00Z,1,0,1,1,2,2,5,"
                                + "\"{\"\"DE\"\": 1}\",\"{\"\"404\"\": 1}\",1,0");
    }

    @Test
    void keepsTheRowsOfMinutesThatItHasClosed() {
        Map<Integer, Long> requestsByMinuteAndSite = new TreeMap<>();
        Map<Integer, Set<String>> visitorsByMinuteAndSite = new TreeMap<>();
        long start = at("10:00:00");
        int requests = 60_000;
        for (int i = 0; i < requests; i++) {
            long sendTime = start + 600_000 + i * 100L; // 100 minutes
            long eventTime = sendTime - i * 7_919L % 600_000; // not late
            int site = 1 + i % 3;
            String visitor = "visitor " + i % 7;
            ledger.enterRequest(
                    i % 2, sendTime, request(site, eventTime, 200, visitor, null, null, "DE"));
            int key = (int) (eventTime - start) / 60_000 * 10 + site;
            requestsByMinuteAndSite.merge(key, 1L, Long::sum);
            visitorsByMinuteAndSite.computeIfAbsent(key, k -> new HashSet<>()).add(visitor);
        }
        assertThat(ledger.totals()).containsEntry("counted", 60_000L);
        assertThat(ledger.siteMinutes()).hasSameSizeAs(requestsByMinuteAndSite.keySet()).isSorted();
        assertThat(ledger.siteMinutes())
                .allSatisfy(
                        sent -> {
                            int key =
                                    (int) (sent.minuteMillis() - start) / 60_000 * 10
                                            + sent.siteId();
                            assertThat(measure(sent, "request_count"))
                                    .isEqualTo(requestsByMinuteAndSite.get(key));
                            assertThat(visitorsByMinuteAndSite.get(key))
                                    .hasSize((int) measure(sent, "distinct_ip_address_exact"));
                        });
    }

    private void enter(int partition, String sendTime, String eventTime) {
        ledger.enterRequest(
                partition, at(sendTime), request(1, eventTime, 200, "a", 1_000L, 1L, "DE"));
    }

    private void assertOutcomes(long counted, long late) {
        assertThat(ledger.totals()).isEqualTo(Map.of("counted", counted, "late", late));
        assertThat(
                        ledger.siteMinutes().stream()
                                .mapToLong(sent -> measure(sent, "request_count"))
                                .sum())
                .isEqualTo(counted);
    }

    static long measure(SentSiteMinute sent, String column) {
        List<String> columns =
                OpenSiteMinute.MEASURES.stream().map(OpenSiteMinute.SentMeasure::column).toList();
        return (Long) Objects.requireNonNull(sent.measures().get(columns.indexOf(column)));
    }

    private static GeneratedRequest request(
            int site,
            String eventTime,
            int status,
            @Nullable String ipAddress,
            @Nullable Long responseTimeNanos,
            @Nullable Long bytesSent,
            @Nullable String country) {
        return request(
                site, at(eventTime), status, ipAddress, responseTimeNanos, bytesSent, country);
    }

    private static GeneratedRequest request(
            int site,
            long eventTimeMillis,
            int status,
            @Nullable String ipAddress,
            @Nullable Long responseTimeNanos,
            @Nullable Long bytesSent,
            @Nullable String country) {
        return new GeneratedRequest(
                site,
                eventTimeMillis,
                status,
                ipAddress,
                responseTimeNanos,
                bytesSent,
                country,
                "id",
                "/");
    }

    private static long at(String time) {
        return Instant.parse("2026-03-05T" + time + "Z").toEpochMilli();
    }
}
