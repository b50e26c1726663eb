package io.weir.tools.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyProposalTest {

    private static final Duration DAY = Duration.ofDays(1);

    /** Each day one site writes a row of 1,000,000 bytes, or 100,000 in a columnar partition. */
    private static StorageBudget budget(boolean canArchive) {
        return new StorageBudget(
                new SiteTraffic(1, 1_000_000, 0),
                List.of(
                        new RowSizes(
                                DAY,
                                new BytesPerRow(Map.of(1.0, 1e6)),
                                new BytesPerRow(Map.of(1.0, 1e5)))),
                canArchive);
    }

    private static TablePolicy days(long keep) {
        return new TablePolicy("days", DAY, DAY, Duration.ofDays(keep), null);
    }

    @Test
    void aPolicyThatFitsStays() {
        List<TablePolicy> policy = List.of(days(999));

        assertThat(new PolicyProposal(budget(false), DAY, false).within(1e9, policy))
                .isEqualTo(policy);
        assertThat(new PolicyProposal(budget(true), DAY, true).within(1e9, policy))
                .isEqualTo(policy);
    }

    /** 1,000 days of 1 MB; of which archived all but two: 2 + 99.8 MB. */
    @Test
    void archivesBeforeItKeepsLess() {
        assertThat(new PolicyProposal(budget(true), DAY, true).within(102e6, List.of(days(999))))
                .containsExactly(days(999).archivingAfter(DAY));
    }

    @Test
    void keepsThreeQuartersOfWhatTakesMost() {
        // 999 * 3 / 4 = 749
        assertThat(
                        new PolicyProposal(budget(false), DAY, false)
                                .within(1_300e6, List.of(days(999), days(500))))
                .containsExactly(days(749), days(500));
    }

    @Test
    void goesNoFurtherThanAYearOfDays() {
        assertThat(new PolicyProposal(budget(false), DAY, false).within(1, List.of(days(999))))
                .containsExactly(days(365));
    }
}
