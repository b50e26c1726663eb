package io.weir.benchmarks.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.tools.send.OutgoingRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainRequestsTest {

    private static final int EVENTS = 4_000;
    private static final long END = Instant.parse("2026-01-15T12:00:00Z").toEpochMilli();

    @ParameterizedTest
    @CsvSource({"220", "1000"})
    void allHaveTheirLengthAndTheFieldsOfARequest(int bytes) throws Exception {
        for (OutgoingRecord record : records(workload(100_000, 1, false, bytes))) {
            assertThat(record.value()).hasSize(bytes);
            JsonNode json = new ObjectMapper().readTree(record.value());
            assertThat(json.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "site_id",
                            "event_time",
                            "status_code",
                            "ip_address",
                            "response_time_msec",
                            "bytes_sent",
                            "request_country",
                            "request_id",
                            "url");
            assertThat(json.get("event_time").asLong())
                    .isBetween(record.sendTimeMillis() - 5_000, record.sendTimeMillis());
        }
    }

    /** 4,000 requests at 26,667 a second; at 5 a minute for each of 10 sites. */
    @Test
    void densityIsHowMuchTimeTheyCover() {
        assertThat(first(Workload.Density.LIVE)).isEqualTo(END - 150);
        assertThat(first(Workload.Density.SPARSE)).isEqualTo(END - 80 * 60_000);
    }

    /** Of 1 + 1/2 + 1/3 + 1/4 shares, the first site has 48 %. */
    @Test
    void sitesHaveTheirShares() {
        assertThat(shareOfFirst(workload(4, 0, false, 220))).isBetween(0.22, 0.28);
        assertThat(shareOfFirst(workload(4, 1, false, 220))).isBetween(0.45, 0.51);
        assertThat(shareOfFirst(workload(1_000, 0, true, 220))).isBetween(0.88, 0.92);
    }

    @Test
    void theSameParametersGiveTheSameBytes() {
        Workload workload = workload(500, 1, false, 220);

        assertThat(records(workload).get(EVENTS - 1).value())
                .isEqualTo(records(workload).get(EVENTS - 1).value());
    }

    private static double shareOfFirst(Workload workload) {
        Map<Boolean, Long> bySite =
                records(workload).stream()
                        .map(record -> new String(record.value(), UTF_8))
                        .collect(
                                Collectors.partitioningBy(
                                        json -> json.startsWith("{\"site_id\":1,"),
                                        Collectors.counting()));
        return bySite.getOrDefault(true, 0L) / (double) EVENTS;
    }

    private static long first(Workload.Density density) {
        Workload workload =
                new Workload(
                        Workload.Form.PLAIN,
                        EVENTS,
                        10,
                        1,
                        false,
                        density,
                        220,
                        Workload.Compression.LZ4);
        return records(workload).get(0).sendTimeMillis();
    }

    private static Workload workload(int sites, double zipf, boolean isHot, int bytes) {
        return new Workload(
                Workload.Form.PLAIN,
                EVENTS,
                sites,
                zipf,
                isHot,
                Workload.Density.SPARSE,
                bytes,
                Workload.Compression.LZ4);
    }

    private static List<OutgoingRecord> records(Workload workload) {
        List<OutgoingRecord> records = new ArrayList<>();
        new PlainRequests(workload).iterator().forEachRemaining(records::add);
        return records;
    }
}
