package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SliceCountsTest {

    private static final TimeRange TEN_TO_ELEVEN = new TimeRange(at("10:00:00"), at("11:00:00"));

    private final SliceCounts counts = new SliceCounts(TEN_TO_ELEVEN, null);

    @Test
    void countsACopyOnceWhereItWasFirst() {
        counts.add(request(1, "10:00:59"));
        counts.add(request(1, "10:00:59"));
        counts.add(request(1, "10:01:00"));
        counts.add(request(2, "10:01:00"));

        assertThat(minute("10:00:00")).containsExactly("1", "2");
        assertThat(minute("10:01:00")).containsExactly("1", "0");
        assertThat(counts.counted()).isEqualTo(2);
    }

    @Test
    void countsEveryRequestThatHasNoIdentity() {
        counts.add(request(0, "10:00:59"));
        counts.add(request(0, "10:00:59"));

        assertThat(minute("10:00:00")).containsExactly("2", "0");
    }

    @Test
    void aCopyInTheMinuteBeforeTheSliceIsCountedThere() {
        counts.add(request(1, "09:59:59"));
        counts.add(request(1, "10:00:00"));

        assertThat(counts.minutes()).isEmpty();
        assertThat(counts.counted()).isZero();
    }

    private List<String> minute(String time) {
        var cells = Objects.requireNonNull(counts.minutes().get(new RowKey(7, at(time)))).cells();
        return List.of(
                Objects.requireNonNull(cells.get("request_count")),
                Objects.requireNonNull(cells.get("duplicate_count")));
    }

    private static HttpRequest request(long id, String time) {
        return new HttpRequest(7, at(time), 200, null, 1, 0, "BR", 0, id, id, false);
    }

    private static long at(String time) {
        return Instant.parse("2026-01-15T" + time + "Z").toEpochMilli();
    }
}
