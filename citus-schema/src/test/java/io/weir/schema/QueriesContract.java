package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schema.Requests.Request;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the queries of the dashboards answer, to a reader, for one site and for all. */
abstract class QueriesContract {

    static final Requests REQUESTS = Requests.make();

    private static final Instant FROM = Instant.parse("2024-03-29T00:00:00Z");
    private static final Instant TO = Instant.parse("2024-03-30T00:00:00Z");
    private static final int SITE = 1;
    private static final int ALL = NamedQuery.ALL_SITES;

    /** Minutes of which one is final, one grows and one began without the job. */
    private static final int NEW_SITE = 60;

    private static final Instant NEW_SITE_TIME = Instant.parse("2024-06-01T00:00:00Z");

    /** As a member of weir_reader and of nothing else. */
    abstract Connection connectAsReader() throws SQLException;

    /** As the owner. */
    abstract Connection connect() throws SQLException;

    static void fill(Connection owner) throws SQLException {
        REQUESTS.store(owner);
        try (Statement statement = owner.createStatement()) {
            statement.execute("update weir.retention_policy set keep = null");
            statement.execute("create role dashboard login in role weir_reader");
            statement.execute(
                    "insert into weir.site values (1, 'one.example'), (2, 'two.example'), (9,"
                            + " 'quiet.example')");
            statement.execute(
                    "select weir.ensure_partitions(relation, '2024-06-01Z', '2024-06-01Z') from unnest('{http_request_1min, http_request_1hour, top_site_candidate}'::text[]) as relation");
            int minute = 0;
            for (String state : List.of("true, true", "true, false", "false, false")) {
                Instant bucket = NEW_SITE_TIME.plus(Duration.ofMinutes(minute));
                statement.execute(
                        "insert into weir.http_request_1min values (%d, '%s', 3, 3, 0, 0, 0, null, 0, '\\x118b40', '{\"BR\": 3}', '{\"200\": 3}', '{}', %s, '%2$s'::timestamptz + interval '90 s')"
                                .formatted(NEW_SITE, bucket, state));
                minute++;
            }
            statement.execute(
                    "insert into weir.top_site values (1, 900, 200, 3, '2024-06-01 00:00Z',"
                            + " '2024-06-01 02:59Z', '2024-06-01 03:00Z', null, '2024-06-01 03:00Z'),"
                            + " (2, 700, 150, 2, '2024-05-30 00:00Z', '2024-06-01 01:10Z',"
                            + " '2024-06-01 02:00Z', '2024-06-01 03:00Z', '2024-06-01 03:00Z'), (3,"
                            + " 1500, 100, 5, '2024-05-30 00:00Z', '2024-06-01 02:00Z', '2024-06-01"
                            + " 03:00Z', null, '2024-06-01 03:00Z')");
            statement.execute(
                    "insert into weir.top_site_election values ('2024-06-01 02:00Z', '2024-06-01"
                            + " 00:00Z', 1, 2, 3, 1, 0, now()), ('2024-06-01 03:00Z', '2024-06-01"
                            + " 01:00Z', 1, 3, 2, 0, 1, now()), ('2024-05-01 03:00Z', '2024-05-01"
                            + " 01:00Z', 1, 9, 9, 9, 9, now())");
            statement.execute(
                    "insert into weir.top_site_candidate values (1, '2024-06-01 02:00Z', 210,"
                            + " '2024-06-01 01:59Z'), (1, '2024-06-01 03:00Z', 200, '2024-06-01"
                            + " 02:59Z'), (3, '2024-06-01 03:00Z', 100, '2024-06-01 02:00Z')");
            statement.execute(
                    "insert into weir.maintenance_log (at, action, relation, message) values"
                            + " ('2024-06-01 01:00Z', 'make', 'p1', 'first'), ('2024-06-01 02:00Z',"
                            + " 'drop', 'p0', 'second'), ('2024-07-01 02:00Z', 'drop', 'p0',"
                            + " 'third')");
            statement.execute("analyze");
        }
    }

    static List<String> queryNames() {
        return DashboardsTest.queryNames();
    }

    /** As Grafana expands it when the value of a variable is quoted, too. */
    @ParameterizedTest
    @MethodSource("queryNames")
    void everyQueryAnswersAReaderAndASeriesIsSortedAndWithinItsRange(String name)
            throws SQLException {
        NamedQuery query = NamedQuery.load(name);
        boolean isSeries = query.text().contains(" as time");
        try (Connection connection = connectAsReader();
                Statement statement = connection.createStatement()) {
            for (String site : List.of("-1", "1", "3", "'1'")) {
                for (Instant to : List.of(TO, FROM.plus(Duration.ofDays(40)), FROM)) {
                    String sql =
                            new NamedQuery(name, "", "", "", query.text().replace("$site", site))
                                    .expand(FROM, to, ALL, 300, "weir");
                    try (ResultSet rows = statement.executeQuery(sql)) {
                        ResultSetMetaData columns = rows.getMetaData();
                        assertThat(columns.getColumnName(1).equals("time")).isEqualTo(isSeries);
                        for (int i = 2; isSeries && i <= columns.getColumnCount(); i++) {
                            assertThat(columns.getColumnTypeName(i))
                                    .isIn("int8", "int4", "float8", "numeric", "text");
                        }
                        @Nullable Instant last = null;
                        while (isSeries && rows.next()) {
                            Instant time = rows.getObject(1, OffsetDateTime.class).toInstant();
                            assertThat(time).isBetween(FROM.minus(Duration.ofDays(1)), to);
                            if (last != null) {
                                assertThat(time).isAfter(last);
                            }
                            last = time;
                        }
                    }
                }
            }
        }
    }

    /** What tells how things stand now has no range; an alert brings its own. */
    @ParameterizedTest
    @MethodSource("queryNames")
    void everyQueryIsBoundedInTime(String name) {
        String text = NamedQuery.load(name).text();
        if (List.of("shard_sizes", "store_size", "alert_store_size").contains(name)) {
            assertThat(text).contains("shard_sizes()");
        } else if (name.startsWith("alert_")) {
            assertThat(text).contains("now()");
        } else {
            assertThat(text).containsPattern("\\$__timeFilter\\(|\\$__timeTo\\(\\)");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL, SITE, 3})
    void aSeriesCountsEachMinute(int site) throws SQLException {
        TreeMap<String, Long> requests =
                wanted(site).by(r -> r.at().truncatedTo(ChronoUnit.MINUTES).toEpochMilli() / 1000);
        TreeMap<String, Long> errors =
                wanted(site)
                        .where(r -> r.status() == 503)
                        .by(r -> r.at().truncatedTo(ChronoUnit.MINUTES).toEpochMilli() / 1000);
        List<String> expected = new ArrayList<>();
        requests.forEach(
                (time, n) -> expected.add(time + "|" + n + "|" + errors.getOrDefault(time, 0L)));

        assertThat(answer("requests", site, FROM, TO, 1440)).containsExactlyElementsOf(expected);
        assertThat(answer("bytes", site, FROM, TO, 1440))
                .containsExactlyElementsOf(
                        requests.entrySet().stream()
                                .map(e -> e.getKey() + "|" + 100 * e.getValue())
                                .toList());
        List<Double> rates = column(answer("error_rate", site, FROM, TO, 1440), 1);
        assertThat(rates).hasSize(requests.size());
        int i = 0;
        for (Map.Entry<String, Long> minute : requests.entrySet()) {
            assertThat(rates.get(i++))
                    .isEqualTo(
                            errors.getOrDefault(minute.getKey(), 0L) / (double) minute.getValue());
        }
        assertThat(
                        column(answer("status_classes", site, FROM, TO, 1440), 1).stream()
                                .mapToDouble(n -> n)
                                .sum())
                .isEqualTo((double) wanted(site).where(r -> r.status() == 200).count());
        assertThat(
                        column(answer("status_classes", site, FROM, TO, 1440), 4).stream()
                                .mapToDouble(n -> n)
                                .sum())
                .isEqualTo((double) wanted(site).errors());
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL, SITE})
    void pointsOfAnHourCompareWithThoseOfAMinute(int site) throws SQLException {
        TreeMap<String, Long> hours =
                wanted(site).by(r -> r.at().truncatedTo(ChronoUnit.HOURS).toEpochMilli() / 1000);
        List<String> rates = answer("rate", site, FROM, TO, 24);
        assertThat(rates).hasSize(hours.size());
        int i = 0;
        for (Map.Entry<String, Long> hour : hours.entrySet()) {
            String[] row = rates.get(i++).split("\\|", -1);
            assertThat(row[0]).isEqualTo(hour.getKey());
            assertThat(Double.parseDouble(row[1]))
                    .isCloseTo(hour.getValue() / 60.0, withinPercentage(0.001));
        }
        assertThat(
                        answer(
                                "rate_last_week",
                                site,
                                FROM.plus(Duration.ofDays(7)),
                                TO.plus(Duration.ofDays(7)),
                                24))
                .containsExactlyElementsOf(
                        rates.stream()
                                .map(row -> row.split("\\|", -1))
                                .map(row -> Long.parseLong(row[0]) + 7 * 86_400 + "|" + row[1])
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL, SITE})
    void responseTimesArePercentilesAndHeat(int site) throws SQLException {
        Requests hour =
                REQUESTS.of(
                        orNull(site),
                        FROM.plus(Duration.ofHours(13)),
                        FROM.plus(Duration.ofHours(14)));
        Instant from = FROM.plus(Duration.ofHours(13));
        String[] row =
                answer("response_times", site, from, from.plus(Duration.ofHours(1)), 1)
                        .get(0)
                        .split("\\|", -1);
        assertThat(row[0]).isEqualTo(Long.toString(from.getEpochSecond()));
        int column = 1;
        for (int percent : List.of(50, 95, 99)) {
            assertThat(Double.parseDouble(row[column++]))
                    .isCloseTo(hour.percentile(percent), withinPercentage(2.6));
        }

        String[] heat =
                answer("latency_heat", site, from, from.plus(Duration.ofHours(1)), 1)
                        .get(0)
                        .split("\\|", -1);
        double[] bounds = {1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000};
        assertThat(heat).hasSize(15);
        // Grafana draws a column of a heat map before its time
        assertThat(heat[0])
                .isEqualTo(Long.toString(from.plus(Duration.ofHours(1)).getEpochSecond()));
        long seen = 0;
        for (int cell = 0; cell < bounds.length; cell++) {
            seen += Long.parseLong(heat[cell + 1]);
            double bound = bounds[cell] * 1000;
            assertThat(seen)
                    .as("up to " + bounds[cell] + " ms")
                    .isBetween(
                            hour.times().stream().filter(t -> t <= bound * 0.97).count(),
                            hour.times().stream().filter(t -> t <= bound * 1.03).count());
        }
        assertThat(seen + Long.parseLong(heat[14])).isEqualTo(hour.times().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL, SITE})
    void aRangeIsCountedAsAWhole(int site) throws SQLException {
        Instant to = Instant.parse("2024-04-01T17:41:00Z");
        Requests wanted = REQUESTS.of(orNull(site), FROM, to);

        String[] totals = answer("totals", site, FROM, to, 300).get(0).split("\\|", -1);
        assertThat(totals[0]).isEqualTo(Long.toString(wanted.count()));
        assertThat(Double.parseDouble(totals[1]))
                .isEqualTo(wanted.errors() / (double) wanted.count());
        assertThat(Double.parseDouble(totals[2])).isEqualTo((double) wanted.visitors());
        assertThat(Double.parseDouble(totals[3]))
                .isCloseTo(wanted.percentile(95), withinPercentage(2.6));
        assertThat(column(answer("unique_visitors_of_range", site, FROM, to, 300), 0))
                .containsExactly((double) wanted.visitors());
        assertThat(answer("status_codes", site, FROM, to, 300))
                .containsExactlyElementsOf(mostFirst(wanted.by(Request::status)));
        assertThat(answer("countries", site, FROM, to, 300))
                .containsExactlyElementsOf(mostFirst(wanted.by(Request::country)));
        assertThat(column(answer("unique_visitors", site, FROM, TO, 1), 1))
                .containsExactly((double) wanted(site).visitors());
    }

    private static List<String> mostFirst(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(e -> e.getKey() + "|" + e.getValue())
                .toList();
    }

    @Test
    void sitesAreRankedByTheirRequests() throws SQLException {
        List<String> expected =
                List.of(1, 2, 3).stream()
                        .sorted((a, b) -> Long.compare(wanted(b).count(), wanted(a).count()))
                        .map(
                                site ->
                                        site
                                                + "|"
                                                + Map.of(
                                                                1,
                                                                "one.example",
                                                                2,
                                                                "two.example",
                                                                3,
                                                                "site 3")
                                                        .get(site)
                                                + "|"
                                                + wanted(site).count())
                        .toList();
        assertThat(
                        answer("sites", ALL, FROM, TO, 300).stream()
                                .map(
                                        row ->
                                                String.join(
                                                        "|",
                                                        List.of(row.split("\\|", -1))
                                                                .subList(0, 3))))
                .containsExactlyElementsOf(expected);
        assertThat(answer("sites", 3, FROM, TO, 300))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("3|site 3|");
        assertThat(answer("site_choices", ALL, FROM, TO, 300))
                .containsExactly("one.example|1", "quiet.example|9", "two.example|2", "site 3|3");
    }

    @Test
    void rowsTellWhetherTheyAreFinal() throws SQLException {
        Instant to = NEW_SITE_TIME.plus(Duration.ofMinutes(10));
        long start = NEW_SITE_TIME.getEpochSecond();
        for (int site : List.of(NEW_SITE, ALL)) {
            assertThat(answer("provisional", site, NEW_SITE_TIME, to, 10))
                    .containsExactly(
                            start + "|final",
                            start + 60 + "|provisional",
                            start + 120 + "|not whole",
                            start + 180 + "|null");
            assertThat(answer("row_states", site, NEW_SITE_TIME, to, 300))
                    .containsExactly(
                            start + "|1|0|0", start + 60 + "|0|1|0", start + 120 + "|0|0|1");
            assertThat(answer("row_states", site, NEW_SITE_TIME, to, 1))
                    .containsExactly(start + "|1|1|1");
            assertThat(column(answer("row_delay", site, NEW_SITE_TIME, to, 300), 1))
                    .containsExactly(30.0);
            assertThat(column(answer("lag", site, NEW_SITE_TIME, to, 300), 0))
                    .containsExactly(420.0);
            assertThat(column(answer("lag", site, NEW_SITE_TIME, to, 300), 1))
                    .containsExactly(540.0);
        }
    }

    /** Points of three hours, of which the first holds all rows. */
    @Test
    void aRangeLongerThanADayTellsOfRowsOfHours() throws SQLException {
        Instant from = NEW_SITE_TIME.plus(Duration.ofDays(9));
        long start = from.getEpochSecond();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            int hour = 0;
            for (String state : List.of("true, true", "true, false", "false, false")) {
                statement.execute(
                        "insert into weir.http_request_1hour values (62, '%s', 3, 3, 0, 0, 0, null, 0, '\\x118b40', '{}', '{}', '{}', %s, '%1$s'::timestamptz + interval '1 hour 45 s')"
                                .formatted(from.plus(Duration.ofHours(hour)), state));
                hour++;
            }
            Instant dayLater = from.plus(Duration.ofDays(1));
            for (int site : List.of(62, ALL)) {
                assertThat(rows(statement, sql("row_states", site, from, dayLater))).isEmpty();
                assertThat(rows(statement, sql("row_delay", site, from, dayLater))).isEmpty();
                Instant to = dayLater.plus(Duration.ofHours(1));
                assertThat(rows(statement, sql("row_states", site, from, to)))
                        .containsExactly(start + "|1|1|1");
                List<String> delays = rows(statement, sql("row_delay", site, from, to));
                assertThat(column(delays, 0)).containsExactly((double) start);
                assertThat(column(delays, 1)).containsExactly(45.0);
                assertThat(column(delays, 2)).containsExactly(45.0);
            }
            connection.rollback();
        }
    }

    /** Minutes 0, 1 and 4 of the second hour, of which the newest is not final. */
    @Test
    void aHoleIsNotDrawnOver() throws SQLException {
        Instant from = NEW_SITE_TIME.plus(Duration.ofHours(5));
        long start = from.getEpochSecond();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int minute : List.of(0, 1, 4)) {
                statement.execute(
                        "insert into weir.http_request_1min values (61, '%s', 3, 3, 0, 3, 3000, 1000, 0, '\\x118b40', '{}', '{}', '[141:141]={3}', true, %s, now())"
                                .formatted(from.plus(Duration.ofMinutes(minute)), minute < 4));
            }
            Instant to = from.plus(Duration.ofMinutes(10));
            List<String> times = rows(statement, sql("response_times", 61, from, to));
            assertThat(times.stream().map(row -> row.split("\\|", -1)[0]))
                    .containsExactly(
                            start + "", start + 60 + "", start + 120 + "", start + 240 + "");
            assertThat(times.get(2)).endsWith("|null|null|null");
            assertThat(
                            rows(
                                            statement,
                                            sql(
                                                    "rate_last_week",
                                                    61,
                                                    from.plus(Duration.ofDays(7)),
                                                    to.plus(Duration.ofDays(7))))
                                    .stream()
                                    .map(row -> row.replaceAll("[.]0+$", "")))
                    .containsExactly(
                            start + 604_800 + "|3",
                            start + 604_860 + "|3",
                            start + 604_920 + "|null",
                            start + 605_040 + "|3");
            assertThat(rows(statement, sql("provisional", 61, from, to)))
                    .containsExactly(
                            start + "|final",
                            start + 60 + "|final",
                            start + 120 + "|null",
                            start + 240 + "|provisional",
                            start + 300 + "|null");
            connection.rollback();
        }
    }

    /** The hours bound what is read of the minutes; they must not hide any that count. */
    @ParameterizedTest
    @CsvSource({"62", "-1"})
    void theNewestMinutesAreFoundWhateverTheHoursSay(int site) throws SQLException {
        Instant from = NEW_SITE_TIME.plus(Duration.ofHours(10));
        String minute =
                "insert into weir.http_request_1min values (62, '%s', 3, 3, 0, 0, 0, null, 0, '\\x118b40', '{}', '{}', '{}', true, %s, now())";
        String hour = minute.replace("1min", "1hour");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(minute.formatted(from.plus(Duration.ofMinutes(10)), true));
            statement.execute(minute.formatted(from.plus(Duration.ofMinutes(70)), true));
            statement.execute(minute.formatted(from.plus(Duration.ofMinutes(80)), false));
            assertThat(lag(statement, site, from, 90)).containsExactly("540|1140");
            // before the newest final hour, from which on minutes are read
            statement.execute(hour.formatted(from, true));
            assertThat(lag(statement, site, from, 90)).containsExactly("540|1140");
            // the hour is final now, and the range ends within it, before its minutes
            statement.execute(hour.formatted(from.plus(Duration.ofHours(1)), true));
            assertThat(lag(statement, site, from, 65)).containsExactly("3240|3240");
            assertThat(lag(statement, site, from, 150)).containsExactly("4140|4740");
            connection.rollback();
        }
    }

    private List<String> lag(Statement statement, int site, Instant from, int minutes)
            throws SQLException {
        return rows(statement, sql("lag", site, from, from.plus(Duration.ofMinutes(minutes))));
    }

    private static String sql(String name, int site, Instant from, Instant to) {
        return NamedQuery.load(name).expand(from, to, site, 10, "weir");
    }

    static List<String> dashboards() {
        return DashboardsTest.dashboards();
    }

    /** What a panel names that its query does not answer has no effect, and nothing tells. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsNameColumnsThatTheirQueriesAnswer(String dashboard) throws SQLException {
        for (JsonNode panel : DashboardsTest.dashboard(dashboard).path("panels")) {
            Set<String> answered = new TreeSet<>();
            for (JsonNode text : panel.findValues("rawSql")) {
                answered.addAll(
                        columns(DashboardsTest.named(text.asText(), "a panel").name()).keySet());
            }
            if (answered.isEmpty()) {
                continue;
            }
            Set<String> named = new TreeSet<>();
            for (JsonNode override : panel.path("fieldConfig").path("overrides")) {
                assertThat(override.path("matcher").path("id").asText()).isEqualTo("byName");
                named.add(override.path("matcher").path("options").asText());
            }
            for (String key : List.of("xField", "lookup", "field")) {
                panel.path("options").findValues(key).forEach(name -> named.add(name.asText()));
            }
            for (JsonNode url : panel.findValues("url")) {
                Matcher field = Pattern.compile("__data\\.fields\\.(\\w+)").matcher(url.asText());
                while (field.find()) {
                    named.add(field.group(1));
                }
            }
            assertThat(answered).as(panel.path("title").asText()).containsAll(named);
        }
    }

    /**
     * Any other table of an alert is an error to Grafana: texts become labels, the number is
     * judged.
     */
    @ParameterizedTest
    @MethodSource("queryNames")
    void anAlertAnswersOneNumberAndLabels(String name) throws SQLException {
        if (name.startsWith("alert_")) {
            assertThat(columns(name).values().stream().filter(type -> !type.equals("text")))
                    .containsExactly("float8");
        }
    }

    private Map<String, String> columns(String query) throws SQLException {
        Map<String, String> columns = new TreeMap<>();
        try (Connection connection = connectAsReader();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql(query, ALL, FROM, TO))) {
            ResultSetMetaData told = rows.getMetaData();
            for (int i = 1; i <= told.getColumnCount(); i++) {
                columns.put(told.getColumnName(i), told.getColumnTypeName(i));
            }
        }
        return columns;
    }

    @Test
    void theListAndItsElectionsAreTold() throws SQLException {
        Instant from = NEW_SITE_TIME;
        Instant to = NEW_SITE_TIME.plus(Duration.ofHours(4));
        long two = from.getEpochSecond() + 7200;
        assertThat(
                        answer("top_sites", ALL, from, to, 300).stream()
                                .map(
                                        row ->
                                                String.join(
                                                        "|",
                                                        List.of(row.split("\\|", -1))
                                                                .subList(0, 6))))
                .containsExactly("1|3|site 3|1500|100|5", "2|1|one.example|900|200|3");
        assertThat(answer("elections", ALL, from, to, 300))
                .containsExactly(two + "|2|3|1|0", two + 3600 + "|3|2|0|1");
        assertThat(answer("election_moves", ALL, from, to, 300))
                .containsExactly(two + "|1|0", two + 3600 + "|0|-1");
        assertThat(answer("top_site_changes", ALL, from, to, 300))
                .containsExactly(
                        two + 3600 + "|left|two.example|700|2",
                        from.getEpochSecond() + "|entered|one.example|900|3");
        assertThat(answer("top_site_changes", 2, from, to, 300)).hasSize(1);
        assertThat(answer("candidates", ALL, from, to, 300))
                .containsExactly(
                        "one.example|2|200|210|" + (two + 3600),
                        "site 3|1|100|100|" + (two + 3600));
        assertThat(answer("candidates", 3, from, to, 300)).hasSize(1);
        assertThat(answer("candidate_hits", ALL, from, to, 300))
                .containsExactly(two + "|210", two + 3600 + "|300");
        assertThat(answer("candidate_hits", 3, from, to, 300)).containsExactly(two + 3600 + "|100");
        assertThat(answer("election_settings", ALL, from, to, 300))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("1|null|02:00:00|01:00:00|100|1000|90 days|");
    }

    @Test
    void theStoreTellsOfItself() throws SQLException {
        assertThat(
                        answer(
                                "maintenance",
                                ALL,
                                NEW_SITE_TIME,
                                NEW_SITE_TIME.plus(Duration.ofHours(4)),
                                300))
                .containsExactly(
                        NEW_SITE_TIME.getEpochSecond() + 7200 + "|drop|p0|second",
                        NEW_SITE_TIME.getEpochSecond() + 3600 + "|make|p1|first");
        // at the end of the first of four days in a row; the years after 2024 are not made
        assertThat(answer("partitions", ALL, FROM, FROM.plus(Duration.ofHours(12)), 300))
                .anyMatch(row -> row.matches("http_request_1day\\|\\d+\\|0\\|0\\|1\\|\\d+"))
                .anyMatch(row -> row.matches("http_request_1min\\|13\\|0\\|12\\|7\\|\\d+"));
        List<String> sizes = answer("shard_sizes", ALL, FROM, TO, 300);
        assertThat(sizes).anyMatch(row -> row.startsWith("http_request_1min|"));
        assertThat(sizes).anyMatch(row -> row.startsWith("site|"));
        assertThat(column(answer("store_size", ALL, FROM, TO, 300), 0))
                .containsExactly(column(sizes, 3).stream().mapToDouble(b -> b).sum());
    }

    @Test
    void alertsMeasureWhatIsNow() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // now() stands still
            statement.execute(
                    "select weir.ensure_partitions('http_request_1min', now() - interval '1 hour',"
                            + " now())");
            assertThat(alert(statement, "alert_no_data")).containsExactly("0");
            assertThat(alert(statement, "alert_lag")).isEmpty();
            statement.execute(
                    "insert into weir.http_request_1min select site, date_trunc('minute', now()) -"
                            + " interval '5 minutes', n, n - bad, bad, 0, 0, null, 0, '\\x118b40',"
                            + " '{}', '{}', '{}', true, false, now() from (values (71, 200, 50), (72,"
                            + " 400, 4), (73, 99, 99)) as t (site, n, bad)");
            assertThat(alert(statement, "alert_no_data")).containsExactly("699");
            assertThat(alert(statement, "alert_error_rate"))
                    .containsExactly("site 71|0.25", "site 72|0.01");
            assertThat(Double.parseDouble(alert(statement, "alert_lag").get(0)))
                    .isBetween(240.0, 300.0);
            statement.execute(
                    "insert into weir.top_site_election values (now() - interval '3 hours', now() -"
                            + " interval '5 hours', 1, 0, 0, 0, 0, now())");
            assertThat(alert(statement, "alert_election")).containsExactly("7200");
            // two changes before one boundary: the second is in force, due 2 hours after the last
            for (String version : List.of("2, '12 hours'", "3, '2 hours'")) {
                statement.execute(
                        ("insert into weir.top_site_config select version, date_trunc('day', now() -"
                                        + " interval '3 hours', 'UTC'), '12 hours', every::interval,"
                                        + " 100, 1000, '90 days', '7 days' from (values (%s)) as t"
                                        + " (version, every)")
                                .formatted(version));
            }
            assertThat(alert(statement, "alert_election")).containsExactly("3600");
            assertThat(alert(statement, "alert_partitions"))
                    .hasSize(9)
                    .contains("http_request_1min|0");
            assertThat(alert(statement, "alert_store_size")).hasSize(1);
            connection.rollback();
        }
    }

    @Test
    void theLedgerIsAddedUpByTopicAndWatched() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(alert(statement, "alert_intake")).isEmpty();
            statement.execute(
                    "insert into weir.intake_partition values ('t', 0, 0, 99, 100, 80, 9, 5, 4, 2,"
                            + " '{\"not_json\": 2}', now()), ('t', 1, 7, 16, 10, 9, 0, 0, 0, 0, '{}',"
                            + " now()), ('t.late', 0, 0, 3, 4, 4, 0, 0, 0, 0, '{}', now()),"
                            + " ('old', 0, 0, 3, 4, 0, 0, 0, 0, 0, '{}', now() - interval '2 days')");
            assertThat(alert(statement, "alert_intake")).containsExactly("t|1", "t.late|0");
            assertThat(
                            rows(
                                    statement,
                                    NamedQuery.load("intake")
                                            .expand(
                                                    Instant.now().minus(Duration.ofHours(1)),
                                                    Instant.now().plus(Duration.ofHours(1)),
                                                    SITE,
                                                    24,
                                                    "weir")))
                    .containsExactly("t|110|89|9|5|4|2|1", "t.late|4|4|0|0|0|0|0");
            assertThat(
                            rows(
                                    statement,
                                    "select topic, partition, difference from weir.completeness"
                                            + " where difference <> 0 and topic = 't'"))
                    .containsExactly("t|1|1");
            connection.rollback();
        }
    }

    private static List<String> alert(Statement statement, String name) throws SQLException {
        return rows(statement, NamedQuery.load(name).text());
    }

    @ParameterizedTest
    @CsvSource({"America/Sao_Paulo", "Asia/Kolkata"})
    void theSessionsTimeZoneChangesNothing(String zone) throws SQLException {
        try (Connection connection = connectAsReader();
                Statement statement = connection.createStatement()) {
            for (String name : List.of("requests", "sites", "row_states", "rate_last_week")) {
                String sql = NamedQuery.load(name).expand(FROM, TO, SITE, 24, "weir");
                statement.execute("set timezone = 'UTC'");
                List<String> expected = rows(statement, sql);
                statement.execute("set timezone = '" + zone + "'");
                assertThat(rows(statement, sql)).containsExactlyElementsOf(expected);
            }
        }
    }

    private static Requests wanted(int site) {
        return REQUESTS.of(orNull(site), FROM, TO);
    }

    private static @Nullable Integer orNull(int site) {
        return site == ALL ? null : site;
    }

    private static List<Double> column(List<String> rows, int column) {
        return rows.stream().map(row -> Double.parseDouble(row.split("\\|", -1)[column])).toList();
    }

    private List<String> answer(String name, int site, Instant from, Instant to, int points)
            throws SQLException {
        try (Connection connection = connectAsReader();
                Statement statement = connection.createStatement()) {
            return rows(statement, NamedQuery.load(name).expand(from, to, site, points, "weir"));
        }
    }

    /** Columns separated by a bar, times as seconds of the epoch. */
    private static List<String> rows(Statement statement, String sql) throws SQLException {
        List<String> answer = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(
                            rows.getMetaData().getColumnTypeName(i).equals("timestamptz")
                                            && rows.getString(i) != null
                                    ? Long.toString(
                                            rows.getObject(i, OffsetDateTime.class).toEpochSecond())
                                    : String.valueOf(rows.getString(i)));
                }
                answer.add(row.stream().collect(Collectors.joining("|")));
            }
        }
        return answer;
    }
}
