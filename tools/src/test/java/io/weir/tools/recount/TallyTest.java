package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HttpRequest;
import io.weir.traffic.Measure;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final long TEBIBYTE = 1L << 40;

    @Test
    void countsEveryMeasureOfTheRows() {
        assertThat(new Tally().cells().keySet())
                .containsExactlyElementsOf(Measure.ALL.stream().map(Measure::column).toList());
    }

    @Test
    void addsUpRequests() {
        Tally tally = new Tally();
        tally.add(new HttpRequest(7, 0, 200, -1L, 12_500, 5_120, "BR"));
        Tally other = new Tally();
        other.add(new HttpRequest(7, 0, 503, null, HttpRequest.NOT_TIMED, 80, "ZZ"));
        other.add(new HttpRequest(7, 0, 399, 2048L, 12_501, 0, "BR"));
        other.addDuplicate();
        tally.merge(other);

        assertThat(tally.cells())
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry("request_count", "3"),
                                Map.entry("success_count", "2"),
                                Map.entry("error_count", "1"),
                                Map.entry("timed_count", "2"),
                                Map.entry("response_time_sum_usec", "25001"),
                                Map.entry("response_time_max_usec", "12501"),
                                Map.entry("bytes_sum", "5200"),
                                Map.entry("distinct_ip_addresses", "138b400001ffe1"),
                                Map.entry("country_counters", "{\"BR\": 2, \"ZZ\": 1}"),
                                Map.entry(
                                        "status_counters", "{\"200\": 1, \"399\": 1, \"503\": 1}"),
                                Map.entry("response_time_histogram", "[189:189]={2}"),
                                Map.entry("duplicate_count", "1")));
    }

    @Test
    void whatWasNotTimedHasNoMaximum() {
        Tally tally = new Tally();
        tally.add(new HttpRequest(7, 0, 200, null, HttpRequest.NOT_TIMED, 0, "ZZ"));

        assertThat(tally.cells())
                .containsEntry("response_time_max_usec", "null")
                .containsEntry("response_time_histogram", "{}")
                .containsEntry("distinct_ip_addresses", "118b40");
    }

    @Test
    void aSumStaysAtTheLargestNumber() {
        Tally sum = new Tally();
        sum.add(new HttpRequest(7, 0, 200, null, HttpRequest.NOT_TIMED, TEBIBYTE, "ZZ"));
        for (int doubling = 0; doubling < 24; doubling++) {
            Tally same = new Tally();
            same.merge(sum);
            sum.merge(same);
        }

        assertThat(sum.cells()).containsEntry("bytes_sum", Long.toString(Long.MAX_VALUE));
    }
}
