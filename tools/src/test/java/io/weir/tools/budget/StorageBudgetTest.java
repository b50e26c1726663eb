package io.weir.tools.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The expected values are sums by hand, or by a spreadsheet where that is said. */
class StorageBudgetTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private static final List<RowSizes> SIZES =
            List.of(
                    new RowSizes(MINUTE, bytes(10, 100, 1_000, 300), bytes(10, 20, 1_000, 60)),
                    new RowSizes(HOUR, bytes(1, 1_000, 2, 1_000), bytes(1, 500, 2, 500)));

    private static BytesPerRow bytes(double few, double ofFew, double many, double ofMany) {
        return new BytesPerRow(Map.of(few, ofFew, many, ofMany));
    }

    private static TablePolicy minutes(@Nullable Duration keep, @Nullable Duration archiveAfter) {
        return new TablePolicy("minutes", MINUTE, DAY, keep, archiveAfter);
    }

    private static StorageBudget budget(int sites, long requestsPerDay, boolean canArchive) {
        return new StorageBudget(new SiteTraffic(sites, requestsPerDay, 0), SIZES, canArchive);
    }

    @Test
    void sitesShareTheRequestsByZipfsLaw() {
        // 1 + 1/2 + 1/3 = 11/6
        assertThat(new SiteTraffic(3, 1_100, 1).requestsPerDayBySite())
                .containsExactly(new double[] {600, 300, 200}, within(1e-9));
        assertThat(new SiteTraffic(2, 10, 0).requestsPerDayBySite()).containsExactly(5, 5);
    }

    @Test
    void bytesAreALineOverTheLogarithmOfTheRequests() {
        BytesPerRow bytes = bytes(10, 100, 1_000, 300);

        assertThat(bytes.of(1)).isEqualTo(100);
        assertThat(bytes.of(10)).isEqualTo(100);
        assertThat(bytes.of(100)).isCloseTo(200, within(1e-9));
        assertThat(bytes.of(1_000)).isEqualTo(300);
        assertThat(bytes.of(1e6)).isEqualTo(300);
    }

    @Test
    void aTableHoldsItsRowsUntilAWholePartitionIsTooOld() {
        // 2 sites of 100 requests a minute: 1,440 rows a day of 200 bytes each, for 7 days and 1
        TableBudget table = budget(2, 2 * 1_440 * 100, false).of(minutes(Duration.ofDays(7), DAY));

        assertThat(table.rows()).isCloseTo(2 * 1_440 * 8, within(1e-3));
        assertThat(table.heapBytes()).isCloseTo(2 * 1_440 * 8 * 200, within(1e-3));
        assertThat(table.archivedBytes()).isZero();
    }

    @Test
    void archivedPartitionsTakeWhatColumnarRowsTake() {
        // one day and its partition's day as heap, the other six as columnar: (20 + 60) / 2 bytes
        TableBudget table = budget(1, 1_440 * 100, true).of(minutes(Duration.ofDays(7), DAY));

        assertThat(table.heapBytes()).isCloseTo(1_440 * 2 * 200, within(1e-3));
        assertThat(table.archivedBytes()).isCloseTo(1_440 * 6 * 40, within(1e-3));
    }

    @Test
    void whatIsKeptForeverIsCountedForAYear() {
        TableBudget table = budget(1, 1_440 * 100, false).of(minutes(null, null));

        assertThat(table.rows()).isCloseTo(1_440 * 365, within(1e-3));
    }

    @Test
    void aPartitionStaysUntilItsLastRowIsTooOld() {
        TableBudget table = budget(1, 1_440 * 100, false).of(minutes(Duration.ofHours(1), null));

        // the hour that is kept, and the day of the partition
        assertThat(table.rows()).isCloseTo(1_440 + 60, within(1e-3));
    }

    @Test
    void bucketsWithoutRequestsHaveNoRow() {
        // one request in two minutes: 1 - e^-0.5 of them have any, 0.3934693 by a table of e^-x
        TableBudget table = budget(1, 720, false).of(minutes(DAY, null));

        assertThat(table.rows()).isCloseTo(2_880 * 0.3934693, within(1e-3));
        assertThat(table.heapBytes()).isCloseTo(2_880 * 0.3934693 * 100, within(0.1));
    }

    @Test
    void eachTableHasTheSizesOfTheLongestGrainThatIsNotLonger() {
        TablePolicy hours = new TablePolicy("hours", HOUR, DAY, DAY, null);
        TablePolicy quarters = new TablePolicy("quarters", Duration.ofMinutes(15), DAY, DAY, null);

        // 24 rows a day, then 96 with 1,500 requests each, for two days
        assertThat(budget(1, 144_000, false).of(hours).bytes()).isCloseTo(48_000, within(1e-6));
        assertThat(budget(1, 144_000, false).of(quarters).bytes())
                .isCloseTo(192 * 300, within(1e-6));
    }
}
