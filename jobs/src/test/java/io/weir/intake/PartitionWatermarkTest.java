package io.weir.intake;

import static io.weir.Samples.at;
import static io.weir.Samples.rejected;
import static io.weir.Samples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.DecodedRecord;
import io.weir.request.KafkaRecord;
import io.weir.request.ReadRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionWatermarkTest {

    private static final Duration IDLENESS = Duration.ofMinutes(5);
    private static final long TICK = 200;

    private final ManualClock clock = new ManualClock();
    private final Recorded output = new Recorded();
    private final List<Long> askedAt = new ArrayList<>();
    private CompletableFuture<Long> end = new CompletableFuture<>();
    private long offset;

    @Test
    void followsTheLargestEventTimeLessTheOutOfOrderness() {
        PartitionWatermark watermark = watermark(IDLENESS);
        read(watermark, valid(0, at("10:00:30")));
        read(watermark, valid(0, at("10:00:20")));

        tick(watermark);
        tick(watermark);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void aRecordFromTheYear2099MovesNothing() {
        PartitionWatermark watermark = watermark(IDLENESS);
        read(watermark, valid(0, at("10:00:30")));
        read(watermark, rejected(0, at("23:59:59")));

        tick(watermark);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void anArrivalTimeMovesNoWatermark() {
        PartitionWatermark watermark = watermark(IDLENESS);
        read(watermark, valid(0, at("10:00:30"), at("10:04:00")));

        tick(watermark);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void aSilentPartitionThatIsReadToItsEndIsIdle() {
        PartitionWatermark watermark = watermark(IDLENESS);
        read(watermark, valid(0, at("10:00:30")));
        tick(watermark);

        pass(watermark, IDLENESS);
        end.complete(1L);
        tick(watermark);
        tick(watermark);

        assertThat(askedAt).containsExactly(1L);
        assertThat(output.said).containsExactly(at("10:00:20"), "idle");
    }

    @Test
    void anEmptyPartitionIsIdleAfterTheIdlenessAndNotBefore() {
        PartitionWatermark watermark = watermark(IDLENESS);
        pass(watermark, IDLENESS.minusMillis(TICK));
        assertThat(askedAt).isEmpty();

        end.complete(PartitionWatermark.BEGINNING);
        pass(watermark, Duration.ofMillis(2 * TICK));

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void aPartitionThatNobodyCouldReadIsNotIdle() {
        PartitionWatermark watermark = watermark(IDLENESS);
        end.complete(1_000L);

        pass(watermark, IDLENESS.multipliedBy(3));

        assertThat(output.said).isEmpty();
    }

    @Test
    void aPartitionWhoseEndKafkaDoesNotTellIsNotIdleAndIsAskedForAgain() {
        PartitionWatermark watermark = watermark(IDLENESS);
        end.completeExceptionally(new IllegalStateException("no broker"));

        pass(watermark, IDLENESS.plusSeconds(20));

        assertThat(output.said).isEmpty();
        assertThat(askedAt).hasSizeBetween(3, 4);
    }

    @Test
    void garbageThatIsStillBeingReadKeepsAPartitionActive() {
        PartitionWatermark watermark = watermark(IDLENESS);
        end.complete(1_000_000L);
        for (int record = 0; record < 9_000; record++) {
            read(watermark, rejected(0, at("10:00:00")));
            tick(watermark);
        }

        assertThat(output.said).isEmpty();
    }

    @Test
    void lateRequestsThatAreStillBeingReadKeepAPartitionActive() {
        PartitionWatermark watermark = watermark(IDLENESS);
        end.complete(1_000_000L);
        read(watermark, valid(0, at("10:30:00")));
        for (int record = 0; record < 9_000; record++) {
            read(watermark, valid(0, at("10:00:00")));
            tick(watermark);
        }

        assertThat(output.said).containsExactly(at("10:29:50"));
    }

    @Test
    void garbageAtTheEndHoldsUpNobody() {
        PartitionWatermark watermark = watermark(IDLENESS);
        pass(watermark, IDLENESS);
        end.complete(2L);
        read(watermark, rejected(0, at("10:00:00")));
        tick(watermark);
        assertThat(output.said).isEmpty();

        read(watermark, rejected(0, at("10:00:00")));
        tick(watermark);

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void anEndThatWasAskedForLongAgoProvesNothing() {
        PartitionWatermark watermark = watermark(IDLENESS);
        pass(watermark, IDLENESS);
        end.complete(1L);
        pass(watermark, PartitionWatermark.MAX_ANSWER_AGE);
        end = new CompletableFuture<>();
        read(watermark, rejected(0, at("10:00:00")));

        tick(watermark);
        tick(watermark);

        assertThat(output.said).isEmpty();
        assertThat(askedAt).containsExactly(PartitionWatermark.BEGINNING, 1L);
    }

    @Test
    void aRequestSinceTheEndWasAskedForKeepsThePartitionActive() {
        PartitionWatermark watermark = watermark(IDLENESS);
        pass(watermark, IDLENESS);
        end.complete(1L);
        read(watermark, valid(0, at("10:00:30")));

        tick(watermark);
        tick(watermark);

        assertThat(output.said).containsExactly(at("10:00:20"));
    }

    @Test
    void aRequestMakesAnIdlePartitionActiveAtOnce() {
        PartitionWatermark watermark = idle();

        read(watermark, valid(0, at("10:00:30")));

        assertThat(watermark.isIdle()).isFalse();
        assertThat(output.said).containsExactly("idle", "active");
    }

    @Test
    void garbageThatIsReadAtOnceLeavesAnIdlePartitionIdle() {
        PartitionWatermark watermark = idle();

        for (int record = 0; record < 1_000; record++) {
            end = CompletableFuture.completedFuture(offset + 1);
            read(watermark, rejected(0, at("10:00:30")));
            tick(watermark);
        }

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void moreGarbageThanIsReadAtOnceMakesAnIdlePartitionActive() {
        PartitionWatermark watermark = idle();
        end = CompletableFuture.completedFuture(1_000_000L);

        for (int record = 0; record < 100; record++) {
            read(watermark, rejected(0, at("10:00:30")));
            tick(watermark);
        }

        assertThat(output.said).containsExactly("idle", "active");
    }

    /** Flink resumes no idle partition. */
    @Test
    void aPausedPartitionIsNotJudgedUntilItWasReadAgain() {
        PartitionWatermark watermark = watermark(IDLENESS);
        end.complete(PartitionWatermark.BEGINNING);
        watermark.pause();
        pass(watermark, IDLENESS.multipliedBy(2));
        assertThat(output.said).isEmpty();

        watermark.resume();
        pass(watermark, IDLENESS.minusMillis(TICK));
        assertThat(output.said).isEmpty();
        pass(watermark, Duration.ofMillis(3 * TICK));

        assertThat(output.said).containsExactly("idle");
    }

    @Test
    void asksOneQuestionAtATime() {
        PartitionWatermark watermark = watermark(IDLENESS);

        pass(watermark, IDLENESS.plusSeconds(60));

        assertThat(askedAt).hasSize(1);
    }

    private PartitionWatermark idle() {
        PartitionWatermark watermark = watermark(IDLENESS);
        end.complete(PartitionWatermark.BEGINNING);
        pass(watermark, IDLENESS.plusMillis(TICK));
        assertThat(watermark.isIdle()).isTrue();
        return watermark;
    }

    @Test
    void neverBecomesIdleWhereIdlenessIsOff() {
        PartitionWatermark watermark = watermark(null);
        end.complete(PartitionWatermark.BEGINNING);

        clock.advanceTime(Duration.ofDays(100));
        tick(watermark);
        tick(watermark);

        assertThat(output.said).isEmpty();
        assertThat(askedAt).isEmpty();
    }

    private PartitionWatermark watermark(@Nullable Duration idleness) {
        return new PartitionWatermark(
                Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(10), true),
                idleness,
                clock,
                position -> {
                    askedAt.add(position);
                    return end;
                },
                PartitionWatermark.BEGINNING);
    }

    private void read(PartitionWatermark watermark, DecodedRecord decoded) {
        KafkaRecord record = decoded.record();
        watermark.onRecord(
                ReadRecords.of(
                        new DecodedRecord(
                                new KafkaRecord(
                                        record.topic(),
                                        record.partition(),
                                        offset++,
                                        record.timestampMillis(),
                                        record.key(),
                                        record.value(),
                                        record.headers()),
                                decoded.request(),
                                decoded.rejection())),
                output);
    }

    private void tick(PartitionWatermark watermark) {
        pass(watermark, Duration.ofMillis(TICK));
    }

    private void pass(PartitionWatermark watermark, Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += TICK) {
            clock.advanceTime(Duration.ofMillis(TICK));
            watermark.onTick(output);
        }
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
