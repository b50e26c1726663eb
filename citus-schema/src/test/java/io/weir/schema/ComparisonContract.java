package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics, and what comparisons answer: what {@link Comparison} computes. */
abstract class ComparisonContract extends StatisticsContract {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 10, 59, 60, 1439, 20_000})
    void studentsTIsTheOneOfCommonsMath(int df) throws SQLException {
        TDistribution expected = new TDistribution(df);
        for (double t : new double[] {0, 0.3, -1, 1.96, 2.6, -5, 12, 80}) {
            assertThat(row("select weir.student_p(%s, %d)".formatted(t, df))[0])
                    .isCloseTo(2 * expected.cumulativeProbability(-Math.abs(t)), within(1e-9));
        }
    }

    /**
     * A day, hour by hour; 90 minutes, minute by minute, with and without errors; ranges of
     * different lengths.
     */
    @ParameterizedTest
    @CsvSource({
        "2024-03-29T00:00:00Z, 2024-03-30T00:00:00Z, 2024-03-30T00:00:00Z, 2024-03-31T00:00:00Z, 60",
        "2024-03-29T18:00:00Z, 2024-03-29T19:30:00Z, 2024-03-31T18:00:00Z, 2024-03-31T19:30:00Z, 1",
        "2024-03-29T18:00:00Z, 2024-03-29T19:30:00Z, 2024-03-30T07:00:00Z, 2024-03-30T08:30:00Z, 1",
        "2024-03-29T00:00:00Z, 2024-03-30T00:00:00Z, 2024-03-30T00:00:00Z, 2024-04-01T00:00:00Z, 60"
    })
    void comparesAsTheFormulasSay(
            Instant since1, Instant until1, Instant since2, Instant until2, int minutes)
            throws SQLException {
        for (Integer site : Arrays.asList(1, null)) {
            Comparison expected =
                    new Comparison(
                            buckets(site, since1, until1, Duration.ofMinutes(minutes)),
                            buckets(site, since2, until2, Duration.ofMinutes(minutes)),
                            minutes);

            List<String> rows = rows(compare(site, since1, until1, since2, until2));

            assertThat(rows.stream().map(row -> row.split("\\|", -1)[0]))
                    .containsExactly(
                            "requests_per_hour",
                            "error_rate",
                            "average_response_time_msec",
                            "unique_visitors");
            assertCompared(rows.get(0), expected.requests(), 1e-9);
            assertCompared(rows.get(1), expected.errors(), 1e-9);
            // where requests scatter more than buckets, their deviation is the histogram's
            assertCompared(rows.get(2), expected.responseTimes(), 0.03);
            // the sketch's estimate of 30 addresses is not 30
            assertCompared(rows.get(3), expected.visitors(), 0.01);
        }
    }

    private static String compare(
            @Nullable Integer site,
            Instant since1,
            Instant until1,
            Instant since2,
            Instant until2) {
        return "select * from weir.compare(%s, '%s', '%s', '%s', '%s')"
                .formatted(site, since1, until1, since2, until2);
    }

    private static List<Requests> buckets(
            @Nullable Integer site, Instant since, Instant until, Duration step) {
        List<Requests> buckets = new ArrayList<>();
        for (Instant at = since; at.isBefore(until); at = at.plus(step)) {
            buckets.add(REQUESTS.of(site, at, at.plus(step)));
        }
        return buckets;
    }

    private static void assertCompared(String row, double[] expected, double precision) {
        String[] cells = row.split("\\|", -1);
        for (int i = 0; i < expected.length; i++) {
            double cell =
                    cells[1 + i].equals("null") ? Double.NaN : Double.parseDouble(cells[1 + i]);
            if (Double.isNaN(expected[i])) {
                assertThat(cell).as(row).isNaN();
            } else {
                double error = precision * Math.max(1, Math.abs(expected[i]));
                assertThat(cell).as(row).isCloseTo(expected[i], within(error));
            }
        }
        boolean isLess = expected[3] < 0.01;
        assertThat(cells[5])
                .as(row)
                .isEqualTo(Double.isNaN(expected[3]) ? "null" : isLess ? "t" : "f");
    }

    /** Within a bucket all take as long, so that the scatter of buckets alone decides. */
    @Test
    void responseTimesAreComparedByTheScatterOfBuckets() throws SQLException {
        int[] timed = {100, 120, 80, 100, 110, 90};
        int[] msec = {50, 60, 40, 100, 130, 90};
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone = 'UTC'");
            statement.execute(
                    "select weir.ensure_partitions('http_request_1min', '2024-05-01Z', '2024-05-01Z')");
            for (int i = 0; i < timed.length; i++) {
                statement.execute(
                        "insert into weir.http_request_1min values (70, '2024-05-01 10:0%d', %2$d, %2$d, 0, %2$d, %3$d, 130000, 0, '\\x138b400021', '{}', '{}', '[200:200]={%2$d}', true, true, now())"
                                .formatted(i, timed[i], 1000L * timed[i] * msec[i]));
            }
        }
        double[] mean = new double[2];
        double[] variance = new double[2];
        for (int side = 0; side < 2; side++) {
            double sum = 0;
            for (int i = 3 * side; i < 3 * side + 3; i++) {
                sum += timed[i] * msec[i];
            }
            mean[side] = sum / 300;
            for (int i = 3 * side; i < 3 * side + 3; i++) {
                variance[side] += 1.5 * Math.pow(timed[i] * (msec[i] - mean[side]) / 300, 2);
            }
        }
        double both = variance[0] + variance[1];
        int df = (int) (both * both / ((Math.pow(variance[0], 2) + Math.pow(variance[1], 2)) / 2));
        double t = (mean[1] - mean[0]) / Math.sqrt(both);

        String[] row =
                rows(compare(
                                70,
                                Instant.parse("2024-05-01T10:00:00Z"),
                                Instant.parse("2024-05-01T10:03:00Z"),
                                Instant.parse("2024-05-01T10:03:00Z"),
                                Instant.parse("2024-05-01T10:06:00Z")))
                        .get(2)
                        .split("\\|", -1);

        assertThat(Double.parseDouble(row[1])).isCloseTo(mean[0], within(1e-9));
        assertThat(Double.parseDouble(row[2])).isCloseTo(mean[1], within(1e-9));
        assertThat(Double.parseDouble(row[4]))
                .isCloseTo(2 * new TDistribution(df).cumulativeProbability(-t), within(1e-9));
        assertThat(row[6]).isEqualTo("Welch's t of 3 and 3 minutes, df " + df);
    }

    @Test
    void aRangeThatIsNotOverIsComparedWithAsMuchOfTheOther() throws SQLException {
        String[] row =
                rows("select test, first from weir.compare(1, date_trunc('hour', now()) - interval '26 h', date_trunc('hour', now()) - interval '22 h',"
                                + " date_trunc('hour', now()) - interval '1 h', date_trunc('hour', now()) + interval '3 h')")
                        .get(0)
                        .split("\\|", -1);

        assertThat(row).containsExactly("none: too few buckets with requests", "0");
    }

    @Test
    void rangesThatCannotBeComparedAreRefused() {
        String compare = "select * from weir.compare(1, %s)";
        assertThatThrownBy(() -> rows(compare.formatted("now(), now(), now(), now()")))
                .hasMessageContaining(
                        "a comparison needs two ranges that begin before they end, got ");
        assertThatThrownBy(
                        () ->
                                rows(
                                        compare.formatted(
                                                "'2024-03-29Z', '2024-03-30Z', now() + interval '1 day', now() + interval '2 days'")))
                .hasMessageContaining(
                        "each range of a comparison needs a whole hour that is over and still kept");
        assertThatThrownBy(() -> rows(compare.formatted("null, now(), now(), now()")))
                .hasMessageContaining("a range needs its two ends");
    }
}
