package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GeneratedRequestsTest {

    private static final Instant END = GeneratedRequests.END_OF_SEEDED;
    private static final Duration SPAN = GeneratedRequests.DEFAULT_SPAN;

    @Test
    void theSameParametersGiveTheSameBytesOnEveryMachine() throws Exception {
        // Another digest is another meaning of every seed: say so in the change log.
        assertThat(digest(requests(20_000, 7)))
                .isEqualTo(digest(requests(20_000, 7)))
                .isEqualTo("926c1b11b7baeb14ee8eddfa8764a8ac64527aebb3f54e84b7e2df5aec35c76c");
    }

    @Test
    void anotherSeedGivesOtherRequests() throws Exception {
        assertThat(digest(requests(2_000, 8))).isNotEqualTo(digest(requests(2_000, 7)));
    }

    @Test
    void sendTimesCoverTheSpanAndNeverDecrease() {
        for (long size : List.of(1L, 7L, 5_000L)) {
            long previous = END.minus(SPAN).toEpochMilli();
            long line = 0;
            for (OutgoingRecord record : list(requests(size, 7))) {
                line++;
                assertThat(record.sendTimeMillis()).isBetween(previous, END.toEpochMilli() - 1);
                assertThat(record.sendTimeMillis() - previous)
                        .isLessThanOrEqualTo(SPAN.toMillis() / size + 1);
                assertThat(record.line()).isEqualTo(line);
                assertThat(record.source()).isEqualTo("generated");
                previous = record.sendTimeMillis();
            }
            assertThat(line).isEqualTo(size);
        }
    }

    @Test
    void eventTimesLieWithinTheSpan() {
        GeneratedRequests requests = requests(100_000, 7);
        Ledger ledger = new Ledger(12, Duration.ZERO, Duration.ofDays(1));
        list(requests.recordedIn(ledger));
        assertThat(requests.eventTimes())
                .isEqualTo(new TimeSpan(END.minus(SPAN), END.minusMillis(1)));
        assertThat(ledger.siteMinutes())
                .extracting(SentSiteMinute::minuteMillis)
                .allMatch(
                        minute ->
                                minute >= END.minus(SPAN).toEpochMilli()
                                        && minute < END.toEpochMilli());
    }

    @Test
    void everyRecordHasAnOutcomeAndAllOutcomesOccur() {
        Ledger ledger = ledger();
        list(requests(200_000, 7).recordedIn(ledger));
        Map<String, Long> totals = ledger.totals();
        assertThat(totals)
                .containsOnlyKeys(
                        "counted",
                        "late",
                        "rejected:missing_field",
                        "rejected:not_an_object",
                        "rejected:not_json",
                        "rejected:out_of_range",
                        "rejected:too_far_ahead",
                        "rejected:too_large",
                        "rejected:wrong_type");
        assertThat(totals.values().stream().mapToLong(n -> n).sum()).isEqualTo(200_000);
        assertThat(totals.get("late")).isBetween(300L, 900L);
        assertThat(totals.get("counted")).isGreaterThan(198_000);
        assertThat(totals.get("rejected:too_large")).isEqualTo(2);
    }

    @Test
    void aLedgerChangesNothingOfWhatIsSent() throws Exception {
        assertThat(digest(requests(5_000, 7).recordedIn(ledger())))
                .isEqualTo(digest(requests(5_000, 7)));
    }

    @Test
    void siteOneIsBusiestAndTheFirstTenHaveTheirShare() {
        Ledger ledger = ledger();
        list(requests(200_000, 7).recordedIn(ledger));
        Map<Integer, Long> bySite = new HashMap<>();
        for (SentSiteMinute sent : ledger.siteMinutes()) {
            bySite.merge(sent.siteId(), LedgerTest.measure(sent, "request_count"), Long::sum);
        }
        double harmonic = 0;
        for (int site = 1; site <= 500; site++) {
            harmonic += 1.0 / site;
        }
        for (int site = 1; site <= 10; site++) {
            double share = 200_000 / harmonic / site;
            assertThat((double) bySite.getOrDefault(site, 0L))
                    .isBetween(0.93 * share, 1.05 * share);
        }
        assertThat(bySite).hasSize(500);
    }

    @Test
    void requestIdsAreUniqueAndVisitorsComeBack() {
        Set<String> ids = new HashSet<>();
        Set<String> visitors = new HashSet<>();
        int requests = 0;
        Pattern id = Pattern.compile("\"request_id\":\"([0-9a-f]{16})\",\"url\"");
        Pattern address = Pattern.compile("\"site_id\":\\d+,.*\"ip_address\":\"[^\"]*\"");
        for (OutgoingRecord record : list(requests(20_000, 7))) {
            Matcher found = id.matcher(new String(record.value(), UTF_8));
            if (found.find()) {
                requests++;
                ids.add(found.group(1));
                Matcher visitor = address.matcher(found.replaceFirst(""));
                if (visitor.find()) {
                    visitors.add(visitor.group().replaceAll(",.*(?=\"ip)", ""));
                }
            }
        }
        assertThat(ids).hasSize(requests);
        assertThat(visitors).hasSizeBetween(1_000, 12_000);
    }

    @Test
    void recordsAreAsLargeAsRealOnes() {
        List<OutgoingRecord> records = list(requests(20_000, 7));
        assertThat(
                        records.stream()
                                .mapToInt(r -> r.value().length)
                                .filter(n -> n < 10_000)
                                .average()
                                .orElseThrow())
                .isBetween(200.0, 260.0);
        assertThat(records.stream().map(r -> r.value().length).filter(n -> n > 10_000))
                .containsExactly(2 << 20, (1 << 20) + 1, 1 << 20);
    }

    @Test
    void saysWhatIsWrongWithItsParameters() {
        assertThatThrownBy(() -> new GeneratedRequests(0, 1, SPAN, 1, END))
                .hasMessage("requests must be 1 or more: 0");
        assertThatThrownBy(() -> new GeneratedRequests(1, 0, SPAN, 1, END))
                .hasMessage("sites must be 1 or more: 0");
        assertThatThrownBy(() -> new GeneratedRequests(1, 1, Duration.ZERO, 1, END))
                .hasMessage("span in milliseconds must be 1 or more: 0");
    }

    private static GeneratedRequests requests(long size, long seed) {
        return new GeneratedRequests(size, 500, SPAN, seed, END);
    }

    private static Ledger ledger() {
        return new Ledger(12, Duration.ofSeconds(10), Duration.ofMinutes(10));
    }

    private static List<OutgoingRecord> list(RecordSource source) {
        List<OutgoingRecord> records = new ArrayList<>();
        source.iterator().forEachRemaining(records::add);
        return records;
    }

    private static String digest(RecordSource source) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Iterator<OutgoingRecord> records = source.iterator(); records.hasNext(); ) {
            OutgoingRecord record = records.next();
            digest.update(record.value());
            digest.update(ByteBuffer.allocate(8).putLong(record.sendTimeMillis()).flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
