package io.weir.intake;

import static io.weir.Samples.TOPIC;
import static io.weir.Samples.at;
import static io.weir.Samples.rejected;
import static io.weir.Samples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.breakdown.BreakdownPartial;
import io.weir.breakdown.Counts;
import io.weir.breakdown.HeldBreakdowns;
import io.weir.ledger.Tallies;
import io.weir.ledger.Tally;
import io.weir.request.DecodedRecord;
import io.weir.request.ReadRecord;
import io.weir.request.ReadRecords;
import io.weir.traffic.TrafficPartial;
import io.weir.view.View;
import io.weir.view.ViewKey;
import io.weir.view.ViewTable;
import io.weir.view.ViewVersion;
import io.weir.view.Views;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteAndCombineTest {

    private static final View BY_STATUS =
            new ViewTable(
                            List.of(
                                    new ViewVersion(
                                            1, 3, List.of("status"), null, 50, null, true, 0)))
                    .at(0)
                    .get(0);

    private OneInputStreamOperatorTestHarness<ReadRecord, TrafficPartial> harness;

    @BeforeEach
    void open() throws Exception {
        open(Views.none());
    }

    private void open(Views views) throws Exception {
        harness =
                new OneInputStreamOperatorTestHarness<>(
                        new RouteAndCombine(
                                Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(10), true),
                                Duration.ofMinutes(16),
                                TOPIC,
                                Duration.ofSeconds(1),
                                100,
                                views));
        harness.setProcessingTime(0);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void addsUpWhatIsOnTimeUntilTheIntervalIsOver() throws Exception {
        read(valid(0, at("10:30:00")));
        read(valid(0, at("10:00:00")));
        read(valid(1, at("10:30:59")));
        read(rejected(0, at("10:30:00")));

        harness.setProcessingTime(999);
        assertThat(counts()).isEmpty();
        harness.setProcessingTime(1_000);

        assertThat(counts()).containsExactly(2L);
        assertThat(harness.getSideOutput(RouteRequests.LATE)).hasSize(1);
        assertThat(harness.getSideOutput(RouteRequests.REJECTED)).hasSize(1);
    }

    @Test
    void emitsEverythingBeforeACheckpointAndSaysWhatBecameOfEveryRecord() throws Exception {
        read(valid(0, at("10:30:00")));
        read(valid(0, at("10:00:00")));
        read(rejected(0, at("10:30:00")));
        read(valid(1, at("10:30:00")));
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        harness.getOneInputOperator().prepareSnapshotPreBarrier(2);

        assertThat(counts()).containsExactly(2L);
        assertThat(harness.getSideOutput(Tallies.TAG))
                .extracting(StreamRecord::getValue)
                .containsExactlyInAnyOrder(
                        new Tally(TOPIC, 0, 0, 0, 3, 1, 0, 0, 1, Map.of("not_json", 1L)),
                        new Tally(TOPIC, 1, 0, 0, 1, 1, 0, 0, 0, Map.of()));
    }

    @Test
    void emitsAMinuteBeforeTheWatermarkThatEndsIt() throws Exception {
        read(valid(0, at("10:30:59")));
        harness.processWatermark(new Watermark(at("10:31:00")));

        assertThat(harness.getOutput())
                .extracting(element -> element instanceof Watermark)
                .containsExactly(false, true);
    }

    @Test
    void emitsEverythingBeforeAnIdleStatusAndAtTheEnd() throws Exception {
        read(valid(0, at("10:30:59")));
        harness.processWatermarkStatus(WatermarkStatus.IDLE);
        assertThat(counts()).containsExactly(1L);

        read(valid(0, at("10:30:59")));
        harness.getOneInputOperator().finish();
        assertThat(counts()).containsExactly(1L, 1L);
    }

    @Test
    void addsUpWhatIsOnTimeByTheKeysOfViews() throws Exception {
        harness.close();
        open(hour -> hour < at("11:00:00") ? List.of(BY_STATUS) : List.of());
        read(valid(0, at("10:30:00")));
        read(valid(0, at("10:00:00")));
        read(valid(1, at("10:59:59")));
        read(valid(1, at("11:00:00")));
        read(rejected(0, at("10:30:00")));
        assertThat(harness.getSideOutput(HeldBreakdowns.TAG)).isNull();
        harness.processWatermark(new Watermark(at("11:00:00")));

        assertThat(harness.getSideOutput(HeldBreakdowns.TAG))
                .singleElement()
                .satisfies(
                        element -> {
                            BreakdownPartial part = element.getValue();
                            assertThat(element.getTimestamp()).isEqualTo(at("10:00:00"));
                            assertThat(part.hourMillis()).isEqualTo(at("10:00:00"));
                            assertThat(part.viewId()).isEqualTo(3);
                            assertThat(part.topEntries()).isEqualTo(50);
                            assertThat(part.byKey()).containsOnlyKeys(new ViewKey("200", null));
                            assertThat(part.byKey().values())
                                    .extracting(Counts::requests)
                                    .containsExactly(2L);
                        });
    }

    private void read(DecodedRecord record) throws Exception {
        harness.processElement(new StreamRecord<>(ReadRecords.of(record)));
    }

    private List<Long> counts() {
        return harness.extractOutputValues().stream()
                .map(partial -> partial.traffic().requestCount())
                .toList();
    }
}
