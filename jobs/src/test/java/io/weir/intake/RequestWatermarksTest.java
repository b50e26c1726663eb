package io.weir.intake;

import static io.weir.Samples.at;
import static io.weir.Samples.rejected;
import static io.weir.Samples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.DecodedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

class RequestWatermarksTest {

    private static final Duration IDLENESS = Duration.ofMinutes(5);

    private final ManualClock activityClock = new ManualClock();
    private final Recorded output = new Recorded();

    @Test
    void followsTheLargestEventTimeLessTheOutOfOrderness() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        read(watermarks, valid(0, at("10:00:30")));
        read(watermarks, valid(0, at("10:00:20")));

        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void aRecordFromTheYear2099MovesNothing() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        read(watermarks, valid(0, at("10:00:30")));
        read(watermarks, rejected(0, at("23:59:59")));

        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void anArrivalTimeMovesNoWatermark() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        read(watermarks, valid(0, at("10:00:30"), at("10:04:00")));

        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void garbageDoesNotKeepAPartitionActive() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        read(watermarks, valid(0, at("10:00:30")));
        activityClock.advanceTime(IDLENESS.plusMillis(1));
        read(watermarks, rejected(0, at("10:06:00")));

        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void aPartitionThatOnlyEverCarriedGarbageBecomesIdle() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        read(watermarks, rejected(0, at("10:00:00")));
        activityClock.advanceTime(IDLENESS.plusMillis(1));

        watermarks.onPeriodicEmit(output);
        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void lateRequestsDoNotKeepAPartitionActive() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        read(watermarks, valid(0, at("10:30:00")));
        activityClock.advanceTime(IDLENESS.plusMillis(1));
        read(watermarks, valid(0, at("10:00:00")));

        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void aValidRequestMakesAnIdlePartitionActiveAtOnce() {
        RequestWatermarks watermarks = watermarks(IDLENESS);
        activityClock.advanceTime(IDLENESS.plusMillis(1));
        watermarks.onPeriodicEmit(output);

        read(watermarks, valid(0, at("10:00:30")));
        watermarks.onPeriodicEmit(output);

        assertThat(output.said).containsExactly("idle", "active", at("10:00:20"));
    }

    @Test
    void neverBecomesIdleWhereIdlenessIsOff() {
        RequestWatermarks watermarks = watermarks(null);
        activityClock.advanceTime(Duration.ofDays(100));

        watermarks.onPeriodicEmit(output);

        assertThat(output.said).isEmpty();
    }

    private RequestWatermarks watermarks(@Nullable Duration idleness) {
        return new RequestWatermarks(
                Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(10), true),
                idleness,
                activityClock);
    }

    private void read(RequestWatermarks watermarks, DecodedRecord record) {
        watermarks.onEvent(record, 0, output);
    }

    private static final class Recorded implements WatermarkOutput {
        private final List<Object> said = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            said.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
            said.add("idle");
        }

        @Override
        public void markActive() {
            said.add("active");
        }
    }
}
