package io.weir.deduplicate;

import static io.weir.Samples.at;
import static io.weir.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HttpRequest;
import io.weir.traffic.TrafficPartial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CombineRequestsTest {

    private static final int MAX_KEYS = 3;

    private OneInputStreamOperatorTestHarness<HttpRequest, TrafficPartial> harness;

    @BeforeEach
    void open() throws Exception {
        harness =
                new OneInputStreamOperatorTestHarness<>(
                        new CombineRequests(Duration.ofSeconds(1), MAX_KEYS));
        harness.setProcessingTime(0);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void addsUpTheRequestsOfASiteAndMinuteUntilTheIntervalIsOver() throws Exception {
        read(request(1, at("10:00:01")));
        read(request(1, at("10:00:59.999")));
        read(request(1, at("10:01:00")));

        harness.setProcessingTime(999);
        assertThat(out()).isEmpty();
        harness.setProcessingTime(1_000);

        assertThat(out())
                .containsExactlyInAnyOrder(
                        "site 1 minute 10:00:00: 2 requests", "site 1 minute 10:01:00: 1 requests");
    }

    @Test
    void emitsAtEveryInterval() throws Exception {
        read(request(1, at("10:00:01")));
        harness.setProcessingTime(1_000);
        read(request(1, at("10:00:02")));
        harness.setProcessingTime(2_000);

        assertThat(out())
                .containsExactly(
                        "site 1 minute 10:00:00: 1 requests", "site 1 minute 10:00:00: 1 requests");
    }

    @Test
    void emitsTheMinutesThatAWatermarkEndsBeforeTheWatermark() throws Exception {
        read(request(1, at("10:00:30")));
        read(request(1, at("10:01:30")));

        harness.processWatermark(new Watermark(at("10:00:59.999")));
        harness.processWatermark(new Watermark(at("10:01:00")));

        assertThat(out())
                .containsExactly(
                        "watermark 10:00:59.999",
                        "site 1 minute 10:00:00: 1 requests",
                        "watermark 10:01:00");
    }

    @Test
    void emitsAMinuteThatWasAlreadyPassedBeforeTheNextWatermark() throws Exception {
        harness.processWatermark(new Watermark(at("10:05:00")));
        read(request(1, at("10:00:30")));

        harness.processWatermark(new Watermark(at("10:05:01")));

        assertThat(out())
                .containsExactly(
                        "watermark 10:05:00",
                        "site 1 minute 10:00:00: 1 requests",
                        "watermark 10:05:01");
    }

    @Test
    void emitsEverythingBeforeAnIdleStatus() throws Exception {
        read(request(1, at("10:00:30")));

        harness.processWatermarkStatus(WatermarkStatus.IDLE);

        assertThat(out()).containsExactly("site 1 minute 10:00:00: 1 requests", "IDLE");
    }

    @Test
    void emitsEverythingBeforeACheckpointBarrierAndKeepsNoState() throws Exception {
        read(request(1, at("10:00:30")));

        harness.prepareSnapshotPreBarrier(1);

        assertThat(out()).containsExactly("site 1 minute 10:00:00: 1 requests");
        assertThat(harness.snapshot(1, 1).getManagedOperatorState()).isEmpty();
    }

    @Test
    void emitsEverythingAtTheFinalWatermarkAndAtTheEndOfInput() throws Exception {
        read(request(1, at("10:00:30")));
        harness.processWatermark(Watermark.MAX_WATERMARK);
        read(request(2, at("10:00:30")));
        harness.endInput();

        assertThat(out())
                .containsExactly(
                        "site 1 minute 10:00:00: 1 requests",
                        "watermark MAX",
                        "site 2 minute 10:00:00: 1 requests");
    }

    @Test
    void emitsEverythingWhenItHoldsTooManySitesAndMinutes() throws Exception {
        read(request(1, at("10:00:30")));
        read(request(2, at("10:00:30")));
        assertThat(out()).isEmpty();
        read(request(2, at("10:01:30")));

        assertThat(out())
                .containsExactlyInAnyOrder(
                        "site 1 minute 10:00:00: 1 requests",
                        "site 2 minute 10:00:00: 1 requests",
                        "site 2 minute 10:01:00: 1 requests");
    }

    @Test
    void givesEveryPartialItsMinutesStartAsTimestamp() throws Exception {
        read(request(1, at("10:00:30")));
        harness.endInput();

        assertThat(((StreamRecord<?>) harness.getOutput().peek()).getTimestamp())
                .isEqualTo(at("10:00:00"));
    }

    private void read(HttpRequest request) throws Exception {
        harness.processElement(new StreamRecord<>(request, request.eventTimeMillis()));
    }

    private List<String> out() {
        List<String> out = new ArrayList<>();
        for (Object element : harness.getOutput()) {
            out.add(describe((StreamElement) element));
        }
        return out;
    }

    private static String describe(StreamElement element) {
        if (element.isWatermark()) {
            long time = element.asWatermark().getTimestamp();
            return "watermark " + (time == Long.MAX_VALUE ? "MAX" : time(time));
        }
        if (element.isWatermarkStatus()) {
            return element.asWatermarkStatus().isIdle() ? "IDLE" : "ACTIVE";
        }
        TrafficPartial partial = element.<TrafficPartial>asRecord().getValue();
        return "site %d minute %s: %d requests"
                .formatted(
                        partial.siteId(),
                        time(partial.minuteMillis()),
                        partial.traffic().requestCount());
    }

    private static String time(long millis) {
        String time = java.time.Instant.ofEpochMilli(millis).toString();
        return time.substring(time.indexOf('T') + 1, time.length() - 1);
    }
}
