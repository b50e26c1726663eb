package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.rig.Typed;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import io.weir.traffic.Grain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows made again, of finer rows or of the topic, are those that the job made, byte for byte. */
class RowsMadeAgainIT {

    private static final Instant END = GeneratedRequests.END_OF_SEEDED;
    private static final Duration SPAN = Duration.ofHours(6);
    private static final String DAY = "2026-01-15";
    private static final String NEXT_DAY = "2026-01-16";
    private static final String MOMENT = "moment => '" + END.plus(Duration.ofDays(2)) + "'";

    /** A row's key as recount shows it. */
    private static final String KEY =
            "site_id || ' ' || to_char(bucket at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";

    private static Stack stack;
    private static Path configuration;
    private static Typed reader;

    @BeforeAll
    static void runTheJob(@TempDir Path folder) throws Exception {
        stack = Stack.start(folder);
        Run run = new Run(stack, "made", 4, END.minus(SPAN), END);
        stack.execute("update made.retention_policy set keep = null");
        stack.execute("create role recounter login in role weir_reader");
        run.send(new GeneratedRequests(30_000, 20, SPAN, 1, END));
        try (FlinkCluster flink = FlinkCluster.start(folder, 2)) {
            JobID job = flink.run(run.options(), 2);
            flink.awaitConsumed(stack, run.options());
            flink.drain(job);
        }
        for (Grain grain : Grain.values()) {
            stack.execute("create table %1$s as select * from made.%1$s".formatted(grain.table()));
        }
        configuration =
                Files.writeString(
                        folder.resolve("job.properties"),
                        """
                        kafka.bootstrap-servers = %s
                        kafka.topic = made
                        event-time.max-age = off
                        store.url = %s
                        store.user = nobody
                        store.schema = made
                        """
                                .formatted(stack.bootstrapServers(), stack.jdbcUrl()));
        reader = Typed.at(stack.jdbcUrl(), "recounter");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @AfterEach
    void asItWas() throws Exception {
        reader.forget();
        for (Grain grain : Grain.values()) {
            stack.execute(
                    "truncate made.%1$s; insert into made.%1$s select * from %1$s"
                            .formatted(grain.table()));
        }
    }

    @Test
    void whatTheJobWroteAgreesAndIsMadeAgainTheSame() throws Exception {
        List<String> hours = stack.rows("made", Grain.HOUR);
        List<String> days = stack.rows("made", Grain.DAY);
        assertThat(hours).hasSizeGreaterThanOrEqualTo(100);

        assertThat(stack.query("select detail from made.audit(" + MOMENT + ")")).isEmpty();
        assertThat(rebuilt("hours")).isZero();
        assertThat(rebuilt("days")).isZero();

        for (Grain grain : List.of(Grain.HOUR, Grain.DAY)) {
            stack.execute("delete from made." + grain.table());
        }
        assertThat(rebuilt("hours")).isEqualTo(hours.size());
        assertThat(rebuilt("days")).isEqualTo(days.size());
        assertThat(stack.rows("made", Grain.HOUR)).isEqualTo(hours);
        assertThat(stack.rows("made", Grain.DAY)).isEqualTo(days);
    }

    private static int rebuilt(String grain) throws Exception {
        return Integer.parseInt(
                stack.query(
                                "select made.rebuild_%s('-infinity', 'infinity', %s)"
                                        .formatted(grain, MOMENT))
                        .get(0));
    }

    @Test
    void aRecountOfTheTopicAgreesWithEveryRow() throws Exception {
        assertThat(recount(DAY, NEXT_DAY)).as(reader.out() + reader.err()).isZero();

        assertThat(reader.out().lines())
                .hasSize(2)
                .anyMatch(
                        line -> line.endsWith("only final rows were compared, and all were final."))
                .last()
                .asString()
                .contains(
                        "counted %s requests; compared %s minutes, %s hours, %s days: all agree"
                                .formatted(
                                        ask("sum(request_count)", Grain.MINUTE, ""),
                                        ask("count(*)", Grain.MINUTE, ""),
                                        ask("count(*)", Grain.HOUR, ""),
                                        ask("count(*)", Grain.DAY, "")));
    }

    @Test
    void aRecountComparesTheBucketsThatLieInItsRange() throws Exception {
        assertThat(recount(DAY + "T07:07:00Z", DAY + "T09:30:00Z", "--site", "3")).isZero();

        String where =
                "where site_id = 3 and bucket >= '%1$sT07:07Z' and bucket < '%1$sT09:30Z'"
                        .formatted(DAY);
        assertThat(reader.out().lines())
                .singleElement()
                .asString()
                .contains(
                        "counted %s requests; compared %s minutes, 1 hour, 0 days: all agree"
                                .formatted(
                                        ask("sum(request_count)", Grain.MINUTE, where),
                                        ask("count(*)", Grain.MINUTE, where)));
    }

    @Test
    void aRecountFindsEveryCellThatIsNotWhatTheTopicSays() throws Exception {
        List<String> changes =
                List.of(
                        "bytes_sum = bytes_sum + 1",
                        "response_time_sum_usec = response_time_sum_usec + 1",
                        "response_time_max_usec = response_time_max_usec - 1",
                        "timed_count = timed_count - 1",
                        "distinct_ip_addresses = '\\x118b40'",
                        "response_time_histogram = '[1:1]={5}'",
                        "country_counters = country_counters || '{\"ZZ\": 77}'",
                        "status_counters = '{}'",
                        "success_count = error_count, error_count = success_count",
                        "request_count = request_count + 1, error_count = error_count + 1");
        List<String> rows = rowsOf(Grain.MINUTE, changes.size());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            change(Grain.MINUTE, changes.get(i), rows.get(i));
            for (String changed : changes.get(i).split(", (?=\\w+ = )", -1)) {
                expected.add(rows.get(i) + " minute " + changed.replaceFirst(" .*", ""));
            }
        }

        assertThat(recount(DAY + "T06:00:00Z", DAY + "T08:00:00Z")).isEqualTo(1);
        assertThat(differences()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aRecountFindsRowsThatAreMissingAndRowsTooMany() throws Exception {
        String minute = rowOf(Grain.MINUTE);
        String hour = rowOf(Grain.HOUR);
        String day = rowOf(Grain.DAY);
        String requests =
                ask("request_count", Grain.MINUTE, "where " + KEY + " = '" + minute + "'");
        change(Grain.MINUTE, "site_id = 99", minute);
        change(Grain.HOUR, "site_id = 99", hour);
        change(Grain.DAY, "bytes_sum = bytes_sum + 1", day);

        assertThat(recount(DAY, NEXT_DAY, "--limit", "4")).isEqualTo(1);
        assertThat(differences())
                .containsExactly(
                        minute.replaceFirst("\\d+", "99") + " minute row",
                        minute + " minute row",
                        hour.replaceFirst("\\d+", "99") + " hour row",
                        hour + " hour row");
        assertThat(reader.out())
                .contains("none", requests + " requests", "and 1 more", ": 5 differences");
    }

    @Test
    void aRecountSaysApartThatRowsAreNotWhole() throws Exception {
        String minute = rowOf(Grain.MINUTE);
        change(
                Grain.MINUTE,
                "is_whole = false, is_final = false, request_count = request_count - 1,"
                        + " success_count = success_count - 1",
                minute);

        assertThat(recount(minute)).isEqualTo(1);
        assertThat(reader.out()).contains("1 row is not whole", ": all agree");

        change(
                Grain.MINUTE,
                "request_count = request_count + 2, error_count = error_count + 2",
                minute);
        reader.forget();
        assertThat(recount(minute)).isEqualTo(1);
        assertThat(differences())
                .containsExactly(
                        minute + " minute request_count",
                        minute + " minute success_count",
                        minute + " minute error_count");
    }

    /** The partitions end with the generated requests: their last minutes are never closed. */
    @Test
    void aRecountLeavesOutWhatCanStillChange() throws Exception {
        Instant open = END.minus(Duration.ofMinutes(5));
        stack.execute(
                "update made.http_request_1min set is_final = false, bytes_sum = 0 where site_id = 1 and bucket = '"
                        + open
                        + "'");
        stack.execute(
                "delete from made.http_request_1min where site_id = 2 and bucket = '" + open + "'");
        stack.execute(
                "update made.http_request_1min set is_final = false where bucket = '%sT11:10Z'"
                        .formatted(DAY));

        assertThat(recount(DAY + "T11:00:00Z", DAY + "T12:00:00Z")).isEqualTo(1);
        assertThat(reader.out())
                .contains("of these only final rows were compared, and 2 rows are left out.")
                .contains(": all agree");
    }

    @Test
    void aRecountRefusesWhatRetentionHasDeleted() throws Exception {
        Run run = new Run(stack, "cut", 1, END, END);
        List<OutgoingRecord> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Instant sent = END.plusSeconds(30L * i + 1);
            byte[] value =
                    "{\"site_id\": 1, \"status_code\": 200, \"event_time\": \"%s\"}"
                            .formatted(sent)
                            .getBytes(StandardCharsets.UTF_8);
            records.add(new OutgoingRecord(value, sent.toEpochMilli(), "test", i + 1));
        }
        run.send(Run.of(records));
        try (Admin admin = stack.admin()) {
            admin.deleteRecords(
                            Map.of(new TopicPartition("cut", 0), RecordsToDelete.beforeOffset(10)))
                    .all()
                    .get();
        }

        assertThat(recount(DAY, NEXT_DAY, "--set", "kafka.topic=cut")).isEqualTo(1);
        assertThat(reader.err())
                .contains(
                        "partition 0 of topic cut no longer has all requests from 2026-01-15T00:00")
                // the first record left is of 12:05:01, and requests may be 5 minutes ahead
                .contains("Rows can be proved from 2026-01-15T12:11:00Z on: give that to --from");
    }

    @Test
    void aRecountNamesWhatItCannotUse() {
        assertThat(recount(DAY + "T10:00:30Z", NEXT_DAY)).isEqualTo(2);
        assertThat(reader.err()).contains("--from: 2026-01-15T10:00:30Z must be a whole minute");
        assertThat(recount(NEXT_DAY, DAY)).isEqualTo(2);
        assertThat(reader.err()).contains("must be later than --from");
        assertThat(recount(DAY, NEXT_DAY, "--set", "kafka.topic=nowhere")).isEqualTo(1);
        assertThat(reader.err()).contains("has no topic nowhere: correct kafka.topic");
    }

    /** A recount of the one minute or hour of a row. */
    private static int recount(String row) {
        Instant bucket = Instant.parse(row.replaceFirst(".* ", ""));
        return recount(
                bucket.toString(),
                bucket.plus(Duration.ofMinutes(1)).toString(),
                "--site",
                row.replaceFirst(" .*", ""));
    }

    private static int recount(String from, String to, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "recount",
                                "--config",
                                configuration.toString(),
                                "--from",
                                from,
                                "--to",
                                to));
        arguments.addAll(List.of(more));
        return reader.weir(arguments);
    }

    /** Site, bucket, unit and column of each difference that was shown. */
    private static List<String> differences() {
        return reader.out()
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .filter(line -> line.matches("\\d+ 2026-.*"))
                .map(line -> line.replaceFirst("^(\\S+ \\S+ \\S+ \\S+) .*", "$1"))
                .toList();
    }

    /** A row with some of everything, long before the end of the topic. */
    private static String rowOf(Grain grain) throws Exception {
        return rowsOf(grain, 1).get(0);
    }

    private static List<String> rowsOf(Grain grain, int rows) throws Exception {
        List<String> found =
                stack.query(
                        "select "
                                + KEY
                                + " from made."
                                + grain.table()
                                + " where success_count > error_count and error_count > 0"
                                + " and timed_count > 0 and timed_count < request_count"
                                + " and site_id > 1 and bucket < '"
                                + END.minus(Duration.ofHours(2))
                                + "' order by bucket, site_id limit "
                                + rows);
        assertThat(found).hasSize(rows);
        return found;
    }

    private static void change(Grain grain, String set, String row) throws Exception {
        stack.execute(
                "update made.%s set %s where %s = '%s'".formatted(grain.table(), set, KEY, row));
    }

    private static String ask(String expression, Grain grain, String where) throws Exception {
        return String.format(
                Locale.ROOT,
                "%,d",
                Long.valueOf(
                        stack.query(
                                        "select %s from made.%s %s"
                                                .formatted(expression, grain.table(), where))
                                .get(0)));
    }
}
