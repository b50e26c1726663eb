package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the statistics answer: what Commons Math computes from the requests themselves. */
abstract class StatisticsContract {

    static final Requests REQUESTS = Requests.make();
    static final String READER = "analyst";

    private static final Instant FROM = Instant.parse("2024-03-29T00:00:00Z");
    private static final Instant TO = Instant.parse("2024-04-03T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String HOURS = "'2024-03-29Z', '2024-04-03Z', '1hour'";

    /** As a member of weir_reader and of nothing else. */
    abstract Connection connectAsReader() throws SQLException;

    /** As the owner. */
    abstract Connection connect() throws SQLException;

    static void fill(Connection owner) throws SQLException {
        REQUESTS.store(owner);
        try (Statement statement = owner.createStatement()) {
            statement.execute("update weir.retention_policy set keep = null");
            statement.execute("create role " + READER + " login in role weir_reader");
        }
    }

    @Test
    void countsAreSpreadAsCommonsMathSaysEmptyBucketsAsZero() throws SQLException {
        for (Integer site : Arrays.asList(1, null)) {
            double[] counts = numbers(site, HOUR, Requests::count);
            long empty = Arrays.stream(counts).filter(n -> n == 0).count();
            assertStatistics(site, "request_count", counts, 120, empty);
        }
        assertThat(Arrays.stream(numbers(1, HOUR, Requests::count))).contains(0.0);
    }

    @Test
    void whatIsNotKnownOfAnEmptyBucketIsLeftOut() throws SQLException {
        assertStatistics(
                1,
                "average_response_time_msec",
                known(numbers(1, HOUR, StatisticsContract::average)),
                120,
                Arrays.stream(numbers(1, HOUR, Requests::count)).filter(n -> n == 0).count());
    }

    private void assertStatistics(
            @Nullable Integer site, String measure, double[] values, int buckets, long empty)
            throws SQLException {
        DescriptiveStatistics expected = new DescriptiveStatistics(values);
        expected.setPercentileImpl(new Percentile().withEstimationType(EstimationType.R_7));

        double[] row =
                row("select * from weir.statistics(%s, %s, '%s')".formatted(site, HOURS, measure));

        assertThat(Arrays.copyOf(row, 3)).containsExactly(buckets, (double) empty, values.length);
        assertThat(Arrays.copyOfRange(row, 3, row.length))
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(
                        expected.getMin(),
                        expected.getMax(),
                        expected.getMean(),
                        expected.getPercentile(50),
                        expected.getStandardDeviation(),
                        expected.getVariance(),
                        expected.getSkewness(),
                        expected.getKurtosis());
    }

    @Test
    void aRegressionIsTheOneOfCommonsMath() throws SQLException {
        double[] x = numbers(2, HOUR, Requests::count);
        double[] y = numbers(2, HOUR, Requests::errors);
        SimpleRegression expected = new SimpleRegression();
        for (int i = 0; i < x.length; i++) {
            expected.addData(x[i], y[i]);
        }

        assertThat(
                        row(
                                "select * from weir.regression(2, "
                                        + HOURS
                                        + ", 'error_count', 'request_count')"))
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(
                        120,
                        expected.getSlope(),
                        expected.getIntercept(),
                        expected.getRSquare(),
                        new PearsonsCorrelation().correlation(x, y));
    }

    @ParameterizedTest
    @CsvSource({"'{}', 2", "'{7}', 2", "'{7, 9}', 2", "'{1, 2, 9}', 1", "'{5, 5, 5, 5, 5}', 2"})
    void tooFewOrEqualValuesHaveNoShape(String values, int unknown) throws SQLException {
        double[] row =
                row(
                        "select weir.skewness(v), weir.kurtosis(v) from unnest('%s'::float8[]) as v"
                                .formatted(values));

        assertThat(Arrays.stream(row).filter(Double::isNaN)).hasSize(unknown);
    }

    /** As parallel workers and shards do. */
    @Test
    void momentsOfPartsAreThoseOfTheWhole() throws SQLException {
        double[] values = {3, 1, 4, 1, 5, 9, 2, 6, 5, 35, -8, 97};
        DescriptiveStatistics expected = new DescriptiveStatistics(values);
        String part = "(select weir.moments_add(m, %s) from (select %s as m) as t)";
        String first = "'{0,0,0,0,0}'::float8[]";
        String second = first;
        for (int i = 0; i < values.length; i++) {
            if (i < 5) {
                first = part.formatted(values[i], first);
            } else {
                second = part.formatted(values[i], second);
            }
        }
        double[] row =
                row(
                        "select weir.skewness_final(m), weir.kurtosis_final(m) from (select weir.moments_merge(%s, %s) as m) as t"
                                .formatted(first, second));

        assertThat(row)
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(expected.getSkewness(), expected.getKurtosis());
    }

    @Test
    void aLargeOffsetCostsNoDigits() throws SQLException {
        DescriptiveStatistics expected =
                new DescriptiveStatistics(new double[] {1, 2, 4, 8, 16, 32});

        assertThat(
                        row(
                                "select weir.skewness(v + 1e9), weir.kurtosis(v + 1e9) from"
                                        + " unnest('{1,2,4,8,16,32}'::float8[]) as v"))
                .usingComparatorWithPrecision(1e-6)
                .containsExactly(expected.getSkewness(), expected.getKurtosis());
    }

    @Test
    void theStandardDeviationOfResponseTimesIsWithinTheStatedError() throws SQLException {
        for (Integer site : Arrays.asList(3, null)) {
            DescriptiveStatistics msec = new DescriptiveStatistics();
            REQUESTS.of(site, FROM, TO).times().forEach(micros -> msec.addValue(micros / 1000.0));

            double sd =
                    row(
                            "select sd_msec from weir.response_times(%s, '%s', '%s')"
                                    .formatted(site, FROM, TO))[0];

            assertThat(sd)
                    .isCloseTo(msec.getStandardDeviation(), offset(0.025 * msec.getQuadraticMean()))
                    .isNotEqualTo(msec.getStandardDeviation());
        }
        // 2 g^i / (g + 1) / 1000 is 159.0833... for i = 240 and 175.8179... for 242
        assertThat(row("select weir.histogram_sd('[240:242]={3,0,1}')")[0])
                .isCloseTo(8.367299510939745, within(1e-9));
        assertThat(row("select weir.histogram_sd('[240:240]={1}')")).containsExactly(Double.NaN);
    }

    @Test
    void percentilesOfARangeAreWithinTwoAndAHalfPercent() throws SQLException {
        String call =
                "select unnest(weir.response_time_percentiles(%s, '%s', '%s', '{0.25, 0.999}'))";

        List<String> answers = rows(call.formatted(1, FROM, TO));

        Requests expected = REQUESTS.of(1, FROM, TO);
        List<Long> times = expected.times();
        assertThat(Double.parseDouble(answers.get(0)))
                .isCloseTo(expected.percentile(25), withinPercentage(2.51));
        assertThat(Double.parseDouble(answers.get(1)))
                .isCloseTo(
                        times.get((times.size() * 999 + 999) / 1000 - 1) / 1000.0,
                        withinPercentage(2.51));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{-0.1}", "{1.01}", "{0.9,0.5}", "{NULL}", "{0.5,NaN}"})
    void fractionsThatCannotBeAreRefused(String fractions) {
        assertThatThrownBy(
                        () ->
                                rows(
                                        "select weir.response_time_percentiles(1, now(), now(), '%s')"
                                                .formatted(fractions)))
                .hasMessageContaining("percentiles take fractions from 0 to 1 in ascending order");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'1hour', 'median'; there is no measure median for a series: use some of average_response_time_msec, bytes_sum, ",
                "'1hour', 'percentiles'; there is no measure percentiles for a series",
                "'1hour', null; there is no measure null for a series",
                "'2hour', 'request_count'; there is no grain 2hour: use one of 1min, 1hour, 1day",
                "null, 'request_count'; there is no grain null"
            })
    void unknownNamesAreRefused(String arguments, String message) {
        assertThatThrownBy(
                        () ->
                                rows(
                                        "select * from weir.statistics(1, '2024-03-29Z', '2024-03-30Z', "
                                                + arguments
                                                + ")"))
                .hasMessageContaining(message);
    }

    @Test
    void aSeriesThatIsTooLongIsRefused() {
        assertThatThrownBy(
                        () ->
                                rows(
                                        "select * from weir.statistics(1, '1970-01-01Z', '2024-03-30Z', '1min', 'request_count')"))
                .hasMessageContaining("a series has 1000000 buckets at most")
                .hasMessageContaining("choose a shorter range or a coarser grain");
    }

    @Test
    void everyMeasureOfASeriesCanBeAsked() throws SQLException {
        for (String measure : rows("select name from weir.series_measures()")) {
            assertThat(rows("select * from weir.statistics(1, %s, '%s')".formatted(HOURS, measure)))
                    .as(measure)
                    .hasSize(1);
        }
    }

    /** Nobody knows yet that nothing will be in them; of older ones nobody knows any more. */
    @Test
    void bucketsThatAreNotOverOrNotKeptAreNoZeros() throws SQLException {
        String hours =
                "select min(bucket) > now() - interval '3 h' and min(bucket) <= now() - interval '2 h', max(bucket) <= now() - interval '1 h', count(*)"
                        + " from weir.series(1, now() - interval '5 h', now() + interval '1 h', '1hour', 'request_count')";
        keepHours("'3 h'");
        try {
            assertThat(rows(hours)).containsExactly("t|t|2");
        } finally {
            keepHours("null");
        }
    }

    private void keepHours(String keep) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update weir.retention_policy set keep = "
                            + keep
                            + " where table_name = 'http_request_1hour'");
        }
    }

    /** Of each hour what is asked of its requests. */
    static double[] numbers(
            @Nullable Integer site, Duration step, ToDoubleFunction<Requests> number) {
        return numbers(site, FROM, TO, step, number);
    }

    static double[] numbers(
            @Nullable Integer site,
            Instant since,
            Instant until,
            Duration step,
            ToDoubleFunction<Requests> number) {
        List<Double> numbers = new ArrayList<>();
        for (Instant at = since; at.isBefore(until); at = at.plus(step)) {
            numbers.add(number.applyAsDouble(REQUESTS.of(site, at, at.plus(step))));
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double average(Requests requests) {
        return requests.times().stream().mapToLong(t -> t).average().orElse(Double.NaN) / 1000;
    }

    private static double[] known(double[] numbers) {
        return Arrays.stream(numbers).filter(n -> !Double.isNaN(n)).toArray();
    }

    /** The single row of a query, null as NaN. */
    double[] row(String sql) throws SQLException {
        List<String> rows = rows(sql);
        assertThat(rows).hasSize(1);
        return Arrays.stream(rows.get(0).split("\\|", -1))
                .mapToDouble(cell -> cell.equals("null") ? Double.NaN : Double.parseDouble(cell))
                .toArray();
    }

    /** As a reader with a search path and a time zone of its own. */
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = connectAsReader();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = pg_catalog");
            statement.execute("set timezone = 'Asia/Kolkata'");
            return Rows.of(statement, sql);
        }
    }
}
