package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Out of order by 10 s, 2 min of lateness: minute 10:00 is closed at 10:03:00, by 10:03:10. */
class PartitionClockTest {

    private final PartitionClock clock =
            new PartitionClock(new LatenessRule(10_000, 120_000, true));

    @Test
    void theFirstRequestIsOnTime() {
        assertThat(isLate("10:00:00", "10:00:00")).isFalse();
    }

    @Test
    void aLateRequestEndsItsMinuteToTheMillisecond() {
        assertThat(isLate("10:03:09.999", "10:03:09.999")).isFalse();
        assertThat(isLate("10:00:59.999", "10:00:59.999")).isFalse();
        assertThat(isLate("10:03:10", "10:00:00")).isFalse();
        assertThat(isLate("10:00:59.999", "10:00:59.999")).isTrue();
        assertThat(isLate("10:01:00", "10:01:00")).isFalse();
    }

    @Test
    void aRequestIsLateByItsOwnArrival() {
        assertThat(isLate("10:00:30", "10:03:10")).isTrue();
    }

    @Test
    void aLateRequestMovesTheClock() {
        assertThat(isLate("10:00:30", "10:05:10")).isTrue();
        assertThat(isLate("10:02:30", "10:02:30")).isTrue();
        assertThat(isLate("10:03:00", "10:03:00")).isFalse();
    }

    @Test
    void arrivalDoesNotCountWhereItIsOff() {
        PartitionClock byEventTime = new PartitionClock(new LatenessRule(10_000, 120_000, false));
        assertThat(byEventTime.isLate(at("10:00:30"), at("10:59:00"))).isFalse();
        assertThat(byEventTime.closedUntil(at("11:00:00"))).isEqualTo(at("09:58:20"));
    }

    @Test
    void closesWhatEveryFurtherRequestOfWouldBeLate() {
        assertThat(clock.hasClosed(at("09:00:00"))).isFalse();
        assertThat(isLate("10:03:10", "10:03:10")).isFalse();
        assertThat(clock.hasClosed(at("10:01:00"))).isTrue();
        assertThat(clock.hasClosed(at("10:02:00"))).isFalse();
    }

    @Test
    void aTopicThatStampsArrivalClosesWhatWasNotSent() {
        assertThat(clock.closedUntil(LatenessRule.NEVER)).isEqualTo(LatenessRule.NEVER);
        assertThat(clock.closedUntil(at("11:00:00"))).isEqualTo(at("10:57:50"));
        assertThat(isLate("11:10:00", "11:10:00")).isFalse();
        assertThat(clock.closedUntil(at("11:00:00"))).isEqualTo(at("11:07:50"));
    }

    private boolean isLate(String eventTime, String timestamp) {
        return clock.isLate(at(eventTime), at(timestamp));
    }

    private static long at(String time) {
        return Instant.parse("2026-11-20T" + time + "Z").toEpochMilli();
    }
}
