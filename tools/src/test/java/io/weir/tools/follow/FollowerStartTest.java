package io.weir.tools.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.SiteBy;
import io.weir.tools.send.BatchId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FollowerStartTest {

    private static final BatchId FOURTH = new BatchId(4, "a");
    private static final Position AFTER_FOURTH = new Position(FOURTH, 400, 0, Map.of());
    private static final SavedPosition IDLE =
            SavedPosition.beginning(new SavedPosition.Target("c", "t", "id", SiteBy.FILE, 1))
                    .at(AFTER_FOURTH);
    private static final Position AFTER_FIFTH = AFTER_FOURTH.afterBatch(90, 0, Map.of());
    private static final SavedPosition SENDING = IDLE.before(AFTER_FIFTH, List.of());

    private final StringWriter said = new StringWriter();
    private final FollowerStart start =
            new FollowerStart(
                    new FollowSettings(
                            List.of(Path.of("/logs/access.log")),
                            LineRules.DEFAULT,
                            1,
                            false,
                            Path.of("/logs/position"),
                            Map.of(),
                            "t",
                            null),
                    new FollowProgress(new PrintWriter(said), false),
                    Clock.systemUTC());

    @Test
    void takesABegunBatchAsSentOnlyIfKafkaHasTheVeryOne() {
        assertThat(start.settled(SENDING, Set.of(FOURTH, AFTER_FIFTH.batch())).position())
                .isEqualTo(AFTER_FIFTH);
        assertThat(start.settled(SENDING, Set.of(FOURTH)).position()).isEqualTo(AFTER_FOURTH);
        assertThat(said.toString()).isEmpty();
        BatchId ofAnother = new BatchId(5, "b");
        Position settled = start.settled(SENDING, Set.of(ofAnother)).position();
        assertThat(settled.records()).isEqualTo(400);
        assertThat(said.toString()).contains("the position is older than what was sent");
    }

    @Test
    void countsOnAfterTheLastBatchOfKafkaIfThePositionIsOlder() {
        BatchId last = new BatchId(9, "b");
        SavedPosition settled = start.settled(IDLE, Set.of(FOURTH, last));
        assertThat(settled.position()).isEqualTo(new Position(last, 400, 0, Map.of()));
        assertThat(said.toString()).contains("the position is older than what was sent");
        said.getBuffer().setLength(0);
        Position begun = settled.position().afterBatch(10, 0, Map.of());
        assertThat(begun.batch().number()).isEqualTo(10);
        SavedPosition killed = settled.before(begun, List.of());
        assertThat(start.settled(killed, Set.of(FOURTH, last)).position())
                .isEqualTo(settled.position());
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void saysThatKafkaHasForgotten() {
        assertThat(start.settled(SENDING, Set.of()).position()).isEqualTo(AFTER_FOURTH);
        assertThat(said.toString()).contains("up to 90 lines may be sent twice");
    }

    @Test
    void leavesOutASendTimeThatIsLaterThanTheClock() {
        long millis = Clock.systemUTC().millis();
        Position right = new Position(FOURTH, 400, millis, Map.of());
        assertThat(start.sendTime(right)).isEqualTo(millis);
        assertThat(said.toString()).isEmpty();
        Position wrong = new Position(FOURTH, 400, 253_402_300_799_000L, Map.of());
        assertThat(start.sendTime(wrong)).isZero();
        assertThat(said.toString()).contains("9999-12-31T23:59:59Z", "it does not count");
    }

    @Test
    void saysNothingAtTheFirstBatch() {
        SavedPosition first =
                IDLE.at(Position.NOTHING)
                        .before(Position.NOTHING.afterBatch(3, 0, Map.of()), List.of());
        assertThat(start.settled(first, Set.of()).position()).isEqualTo(Position.NOTHING);
        assertThat(said.toString()).isEmpty();
    }
}
