package io.weir.tools.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptRecordsTest {

    private static final Instant NOW = Instant.parse("2026-11-29T11:26:25Z");
    private static final String TWO_DAYS = "172800000";
    private static final String WEEK = "604800000";

    @Test
    void aSegmentIsKeptUntilItsLastRecordIsTooOld() {
        assertThat(kept(TWO_DAYS, "delete", "LogAppendTime"))
                .isEqualTo(" keeps what it holds until 2026-12-08T12:00:00Z at the latest");
        assertThat(kept(TWO_DAYS, "delete", "CreateTime"))
                .endsWith(" until 2026-12-08T12:00:00Z, if the senders' timestamps are right");
    }

    @Test
    void withoutRetentionRecordsAreKeptForGood() {
        assertThat(kept("-1", "delete", "LogAppendTime")).contains("for good");
        assertThat(kept(TWO_DAYS, "compact", "LogAppendTime")).contains("for good");
        assertThat(kept(Long.toString(Long.MAX_VALUE), "delete", "LogAppendTime"))
                .contains("until +292");
    }

    private static String kept(String retention, String cleanup, String timestamps) {
        return KeptRecords.kept(
                Map.of(
                        "retention.ms", retention,
                        "segment.ms", WEEK,
                        "cleanup.policy", cleanup,
                        "message.timestamp.type", timestamps),
                NOW);
    }
}
