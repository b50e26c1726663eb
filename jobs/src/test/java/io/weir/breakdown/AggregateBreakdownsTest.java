package io.weir.breakdown;

import static io.weir.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import io.weir.view.ViewKey;
import io.weir.window.ProvisionalIntervals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AggregateBreakdownsTest {

    private static final Duration SETTLE = Duration.ofMinutes(16);
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    @Test
    void emitsProvisionalRowsOfHourAndDayAtTheirIntervals() throws Exception {
        try (Harness views = opened()) {
            views.add(1, at("10:00:00"), "/a", "/a", "/b");
            views.add(1, at("10:00:00"), "/a");
            views.setProcessingTime(29_999);
            assertThat(views.rows()).isEmpty();
            views.setProcessingTime(30_000);
            assertThat(views.rows()).containsExactly("1hour 10:00 view 1: /a 3, /b 1 whole");
            views.add(1, at("11:00:00"), "/b");
            views.setProcessingTime(300_000);
            assertThat(views.rows())
                    .containsExactlyInAnyOrder(
                            "1hour 11:00 view 1: /b 1 whole",
                            "1day 00:00 view 1: /a 3, /b 2 whole");
            views.setProcessingTime(600_000);
            assertThat(views.rows()).isEmpty();
        }
    }

    @Test
    void keepsViewsApart() throws Exception {
        try (Harness views = opened()) {
            views.add(1, at("10:00:00"), "/a");
            views.add(2, at("10:00:00"), "BR");
            views.setProcessingTime(30_000);
            assertThat(views.rows())
                    .containsExactlyInAnyOrder(
                            "1hour 10:00 view 1: /a 1 whole", "1hour 10:00 view 2: BR 1 whole");
        }
    }

    @Test
    void emitsAFinalRowAtTheEndAndCorrectionsUntilItIsClosed() throws Exception {
        try (Harness views = opened()) {
            views.add(1, at("10:00:00"), "/a");
            views.processWatermark(new Watermark(at("10:59:59.999")));
            assertThat(views.rows()).isEmpty();
            views.processWatermark(new Watermark(at("11:00:00")));
            assertThat(views.rows()).containsExactly("1hour 10:00 view 1: /a 1 whole final");

            views.add(1, at("10:00:00"), "/b");
            views.setProcessingTime(30_000);
            assertThat(views.rows()).containsExactly("1hour 10:00 view 1: /a 1, /b 1 whole final");

            views.add(1, at("10:00:00"), "/b");
            views.processWatermark(new Watermark(at("11:16:00")));
            assertThat(views.rows()).containsExactly("1hour 10:00 view 1: /b 2, /a 1 whole final");
            views.add(1, at("10:00:00"), "/c");
            views.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(views.rows()).containsExactly("1day 00:00 view 1: /b 2, /a 1 whole final");
            assertThat(views.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void goesOnAfterARestoreAndOpensNothingThatWasClosed() throws Exception {
        OperatorSubtaskState state;
        try (Harness views = opened()) {
            views.add(1, at("10:00:00"), "/a");
            views.add(1, at("11:00:00"), "/a");
            views.processWatermark(new Watermark(at("11:16:00")));
            views.rows();
            state = views.snapshot(1, 1);
        }
        try (Harness views = new Harness(Long.MIN_VALUE)) {
            views.initializeState(state);
            views.open();
            views.add(1, at("10:00:00"), "/a");
            views.add(1, at("11:00:00"), "/b");
            views.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(views.rows())
                    .containsExactlyInAnyOrder(
                            "1hour 11:00 view 1: /a 1, /b 1 whole final",
                            "1day 00:00 view 1: /a 2, /b 1 whole final");
        }
    }

    @Test
    void emitsWhatHadChangedBeforeARestoreAtTheNewInterval() throws Exception {
        OperatorSubtaskState state;
        try (Harness views = opened()) {
            views.add(1, at("10:00:00"), "/a");
            state = views.snapshot(1, 1);
        }
        try (Harness views = new Harness(Long.MIN_VALUE, grain -> Duration.ofSeconds(77))) {
            views.setProcessingTime(1);
            views.initializeState(state);
            views.open();
            views.setProcessingTime(76_999);
            assertThat(views.rows()).isEmpty();
            views.setProcessingTime(77_000);
            assertThat(views.rows())
                    .containsExactlyInAnyOrder(
                            "1hour 10:00 view 1: /a 1 whole", "1day 00:00 view 1: /a 1 whole");
        }
    }

    @Test
    void aBucketThatBeganBeforeTheStartIsNotWhole() throws Exception {
        try (Harness views = new Harness(at("10:30:00"))) {
            views.open();
            views.add(1, at("10:00:00"), "/a");
            views.add(1, at("11:00:00"), "/a");
            views.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(views.rows())
                    .containsExactlyInAnyOrder(
                            "1hour 10:00 view 1: /a 1",
                            "1hour 11:00 view 1: /a 1 whole final",
                            "1day 00:00 view 1: /a 2");
        }
    }

    /** What it has read of the current hour it has not counted in views. */
    @Test
    void aSavepointOfAJobThatKnewNoViewsMakesNothingWholeThatHasBegun() throws Exception {
        try (Harness views = new Harness(Long.MIN_VALUE)) {
            views.setProcessingTime(at("09:58:00"));
            views.initializeState(OperatorSubtaskState.builder().build());
            views.open();
            views.add(1, at("10:00:00"), "/a");
            views.add(1, at("11:00:00"), "/a");
            views.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(views.rows())
                    .contains("1hour 10:00 view 1: /a 1", "1hour 11:00 view 1: /a 1 whole final");
        }
    }

    @Test
    void itRemembersThatWhenItIsStoppedBeforeTheFirstRequest() throws Exception {
        OperatorSubtaskState state;
        try (Harness views = new Harness(Long.MIN_VALUE)) {
            views.initializeState(OperatorSubtaskState.builder().build());
            views.open();
            state = views.snapshot(1, 1);
        }
        try (Harness views = new Harness(Long.MIN_VALUE)) {
            views.setProcessingTime(at("09:58:00"));
            views.initializeState(state);
            views.open();
            views.add(1, at("10:00:00"), "/a");
            views.processWatermark(new Watermark(at("11:00:00")));
            assertThat(views.rows()).containsExactly("1hour 10:00 view 1: /a 1");
        }
    }

    private static Harness opened() throws Exception {
        Harness views = new Harness(Long.MIN_VALUE);
        views.setProcessingTime(0);
        views.open();
        return views;
    }

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<
                    Integer, BreakdownPartial, BreakdownRow> {

        Harness(long wholeFromMillis) throws Exception {
            this(wholeFromMillis, Grain::provisionalInterval);
        }

        Harness(long wholeFromMillis, Function<Grain, Duration> intervals) throws Exception {
            super(
                    new KeyedProcessOperator<>(
                            new AggregateBreakdowns(
                                    ProvisionalIntervals.of(intervals),
                                    SETTLE,
                                    MAX_AHEAD,
                                    wholeFromMillis)),
                    BreakdownPartial::siteId,
                    Types.INT);
        }

        void add(int view, long hourMillis, String... keys) throws Exception {
            Map<ViewKey, Counts> byKey = new HashMap<>();
            for (String key : keys) {
                byKey.computeIfAbsent(new ViewKey(key, null), first -> new Counts())
                        .add(new HttpRequest(1, hourMillis, 200, null, -1, 0, "BR"));
            }
            processElement(
                    new StreamRecord<>(
                            new BreakdownPartial(1, view, hourMillis, 10, byKey), hourMillis));
        }

        List<String> rows() {
            List<String> rows = new ArrayList<>();
            while (!getOutput().isEmpty()) {
                if (getOutput().poll() instanceof StreamRecord<?> record) {
                    rows.add(shown((BreakdownRow) record.getValue()));
                }
            }
            return rows;
        }

        private static String shown(BreakdownRow row) {
            return "%s %s view %d: %s%s%s"
                    .formatted(
                            row.grain().suffix(),
                            Instant.ofEpochMilli(row.bucketMillis()).toString().substring(11, 16),
                            row.viewId(),
                            row.breakdown().entries().stream()
                                    .map(
                                            entry ->
                                                    entry.getKey().first()
                                                            + " "
                                                            + entry.getValue().counts().requests())
                                    .collect(Collectors.joining(", ")),
                            row.isWhole() ? " whole" : "",
                            row.isFinal() ? " final" : "");
        }
    }
}
