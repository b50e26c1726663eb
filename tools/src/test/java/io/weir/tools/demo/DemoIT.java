package io.weir.tools.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedKafka;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.tools.cli.Weir;
import io.weir.tools.connect.KafkaCluster;
import io.weir.traffic.Measure;
import io.weir.traffic.Measure.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The whole of Weir, seen from outside: what is typed, and what lies in the exported files. */
class DemoIT {

    private static final List<String> SUMMED = columns(Kind.SUM);

    /** What the ledger knows exactly. */
    private static final List<String> SENT =
            Stream.of(
                            List.of("site_id", "bucket"),
                            SUMMED,
                            columns(Kind.MAX),
                            columns(Kind.COUNTERS))
                    .flatMap(List::stream)
                    .toList();

    private static final int MINUTE_OF_TIME = "2026-01-15T09:00".length();
    private static final int HOUR_OF_TIME = "2026-01-15T09".length();
    private static final int DAY_OF_TIME = "2026-01-15".length();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyGeneratedRequestIsCountedAsItsLedgerSays(@TempDir Path folder) throws Exception {
        demo("--requests", "20000", "--seed", "7", "--export", folder.toString());

        List<CSVRecord> minutes = read(folder, "http_request_1min.csv");
        assertThat(cells(minutes, SENT)).isEqualTo(cells(read(folder, "sent_1min.csv"), SENT));
        assertThat(cells(read(folder, "http_request_1min_late.csv"), SENT))
                .isNotEmpty()
                .isEqualTo(cells(read(folder, "sent_1min_late.csv"), SENT));
        assertThat(minutes)
                .allSatisfy(
                        row -> {
                            assertThat(row.get("is_whole")).isEqualTo("true");
                            assertThat(row.get("is_final")).isEqualTo("true");
                        });
        assertThat(sums(read(folder, "http_request_1hour.csv"), HOUR_OF_TIME))
                .isEqualTo(sums(minutes, HOUR_OF_TIME));
        assertThat(sums(read(folder, "http_request_1day.csv"), DAY_OF_TIME))
                .isEqualTo(sums(minutes, DAY_OF_TIME));

        Map<String, Long> totals = totals(read(folder, "sent_totals.csv"));
        assertThat(totals.get("counted")).isEqualTo(sum(minutes, "request_count"));
        assertThat(totals.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(20_000);
        assertThat(rejections(read(folder, "rejected.csv")))
                .isNotEmpty()
                .isEqualTo(withoutOthers(totals));
        assertThat(out.toString())
                .contains("busiest sites", "not_json")
                .contains(String.format("Late: %,d", totals.get("late")))
                .contains("counted with the others")
                .contains(
                        String.format(
                                "%,d requests of ",
                                totals.getOrDefault("counted", 0L)
                                        + totals.getOrDefault("late", 0L)));
    }

    @Test
    void anOldAccessLogIsCountedLineByLine(@TempDir Path folder) throws Exception {
        Path log = Path.of(DemoIT.class.getResource("/access-logs/quirky.log").toURI());

        demo("--access-log", log.toString(), "--site-id", "42", "--export", folder.toString());

        assertThat(
                        cells(
                                read(folder, "http_request_1min.csv"),
                                List.of(
                                        "site_id",
                                        "bucket",
                                        "request_count",
                                        "error_count",
                                        "bytes_sum",
                                        "response_time_sum_usec",
                                        "status_counters")))
                .containsExactly(
                        List.of("42", "2003-03-10T12:30:00Z", "1", "0", "1", "0", "{\"200\": 1}"),
                        List.of(
                                "42",
                                "2003-03-10T12:58:00Z",
                                "2",
                                "1",
                                "2326",
                                "0",
                                "{\"200\": 1, \"404\": 1}"),
                        List.of(
                                "42",
                                "2003-03-10T12:59:00Z",
                                "2",
                                "2",
                                "12",
                                "0",
                                "{\"408\": 1, \"503\": 1}"),
                        List.of(
                                "42",
                                "2003-03-10T13:00:00Z",
                                "3",
                                "0",
                                "117",
                                "250000",
                                "{\"200\": 2, \"301\": 1}"));
        assertThat(
                        cells(
                                read(folder, "rejected.csv"),
                                List.of("source", "line", "reason", "line_text", "raw_hex")))
                .containsExactly(
                        rejected(log, 3, "no bracketed time", "this is no log line"),
                        rejected(log, 5, "no bracketed time", "\ufffd\ufffd??? binary"),
                        rejected(
                                log,
                                9,
                                "status outside 100..599",
                                "203.0.113.9 - - [10/Mar/2003:13:00:01 +0000] \"GET / HTTP/1.0\" 999 5"),
                        rejected(log, 11, "empty line", ""),
                        rejected(
                                log,
                                13,
                                "JSON",
                                "{\"site_id\":7,\"event_time\":\"2003-03-10T13:00:00Z\",\"status_code\":200}"));
        assertThat(sum(read(folder, "http_request_1day.csv"), "request_count")).isEqualTo(8);
        assertThat(folder.resolve("sent_1min.csv")).doesNotExist();
        assertThat(out.toString())
                .contains("read as common, combined and vhost_combined: quirky.log")
                .contains("response times: read of 1 of 8 requests")
                .contains("no bracketed time                  2   line 3 of quirky.log: this is no")
                .contains("sent 13 of 13 | read 13 (")
                .contains("| all is read\n")
                .contains("8 requests of 1 site in 4 minute rows.")
                .contains("Late: 0");
    }

    @Test
    void whatIsKeptRunningIsThereAndAsItShouldBe(@TempDir Path folder) throws Exception {
        String line = "10.0.0.1 - - [%s +0000] \"GET / HTTP/1.1\" 200 10\n";
        Path log = folder.resolve("misdated.log");
        Files.writeString(
                log,
                line.formatted("01/Jan/2003:00:00:00") + line.formatted("15/Jan/2013:11:00:00"));
        Thread demo =
                new Thread(
                        () ->
                                demo(
                                        "--access-log",
                                        log.toString(),
                                        "--keep-running",
                                        "--election-window=24h",
                                        "--election-interval=24h"));
        demo.start();
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(
                            () ->
                                    !demo.isAlive()
                                            || out.toString().contains("./weir replay-log FILE"));
            String closing = out.toString().split("Kept running until Ctrl-C", 2)[1];

            assertThat(out.toString())
                    .contains(
                            "The job has ended, and its own page with it: what is sent from now on stays in"
                                    + " Kafka and is not counted.");
            assertThat(closing).doesNotContain(found("the job's page is (\\S+)", out.toString()));
            assertThat(status(found("the page +(\\S+)", closing))).isEqualTo(200);
            Typed typed =
                    Typed.at(found("PostgreSQL +(\\S+),", closing), found("user (\\S+),", closing));
            assertThat(typed.weir("top", "--schema", found("schema (\\S+)\n", closing))).isZero();
            assertThat(typed.weir("schema", "verify")).as(typed.out()).isZero();
            assertThat(typed.out()).contains("schema weir is as it should be");
            Typed kafka = Typed.atKafka(found("list --bootstrap-servers (\\S+) --topic", closing));
            String topic = found("dead-letters list .* --topic (\\S+)\n", closing);
            assertThat(kafka.weir("dead-letters", "list", "--topic", topic)).isZero();
            assertThat(kafka.out()).contains("there are no letters");
        } finally {
            demo.interrupt();
            demo.join();
        }
    }

    @Test
    void aSchemaThatNoDemoMadeIsLeftAlone(@TempDir Path folder) {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("data"))) {
            Typed typed = Typed.at(server.jdbcUrl(), server.user());
            assertThat(typed.weir("schema", "migrate")).isZero();

            assertThat(typed.weir("demo", "--prefix", "weir")).isEqualTo(1);

            assertThat(typed.err().lines())
                    .first()
                    .isEqualTo(
                            "weir: schema weir in "
                                    + server.jdbcUrl()
                                    + " was not made by a demo and is left alone: a demo"
                                    + " creates its own schema, so choose a free one with"
                                    + " --prefix");
        }
    }

    /** Beside a schema and a topic of others, with the same beginning of their names. */
    @Test
    void onOnesOwnServersItAsksBeforeItReplacesAndCanBeRemoved(@TempDir Path folder)
            throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("data"));
                EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"));
                Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), null);
                Statement sql = connection.createStatement();
                KafkaCluster topics =
                        KafkaCluster.connect(
                                Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            sql.execute("create schema demo2");
            sql.execute("create table demo2.kept as select 7 as id");
            topics.create("demo.http_requests.mine", 1);
            Typed typed = Typed.at(server.jdbcUrl(), server.user());
            String[] demo = {
                "demo",
                "--requests=2000",
                "--seed=7",
                "--bootstrap-servers",
                kafka.bootstrapServers()
            };
            assertThat(typed.weir(demo)).as(typed.err()).isZero();
            assertThat(typed.out())
                    .contains(
                            "Left behind: schema demo in " + server.jdbcUrl() + " and topics demo.")
                    .contains("./weir serve --jdbc-url " + server.jdbcUrl())
                    .contains("./weir demo --remove --jdbc-url ");

            typed.forget();
            assertThat(typed.answer("no\n").weir(demo)).isOne();
            assertThat(typed.out()).contains("An earlier demo left schema demo in ");
            assertThat(typed.err()).contains("the answer was not yes, so nothing was done");
            assertThat(minutes(sql)).isPositive();

            List<String> again = new ArrayList<>(List.of(demo));
            again.add("--yes");
            assertThat(typed.weir(again.toArray(String[]::new))).as(typed.err()).isZero();

            assertThat(typed.weir("demo", "--remove", "--yes", demo[3], demo[4])).isZero();
            assertThat(topics.topics())
                    .contains("demo.http_requests.mine")
                    .noneMatch(topic -> topic.equals("demo.http_requests"));
            try (ResultSet left =
                    sql.executeQuery(
                            "select string_agg(nspname, ',') from pg_namespace where nspname like"
                                    + " 'demo%'")) {
                assertThat(left.next()).isTrue();
                assertThat(left.getString(1)).isEqualTo("demo2");
            }
            typed.forget();
            assertThat(typed.weir("demo", "--remove", demo[3], demo[4])).isZero();
            assertThat(typed.out()).contains("there is nothing that a demo left");
        }
    }

    private static long minutes(Statement sql) throws Exception {
        try (ResultSet row = sql.executeQuery("select count(*) from demo.http_request_1min")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }

    private static int status(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"weir-demo-*/postgres", "weir-demo-*/postgres/postmaster.pid"})
    void whoeverEndsItWhileItStartsFindsNothingLeft(String seen, @TempDir Path folder)
            throws Exception {
        Path errors = folder.resolve("errors");
        Process demo =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.util=ALL-UNNAMED",
                                "-Djava.io.tmpdir=" + folder,
                                "-Dot.epg.working-dir="
                                        + Path.of(
                                                System.getProperty("java.io.tmpdir"),
                                                "embedded-pg"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Weir.class.getName(),
                                "demo",
                                "--requests=1000")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(errors.toFile())
                        .start();
        try {
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !demo.isAlive() || !glob(folder, seen).isEmpty());
        } finally {
            demo.destroy();
        }

        assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(errors).isEmptyFile();
        assertThat(glob(folder, "weir-demo-*")).isEmpty();
        assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine()))
                .noneMatch(command -> command.orElse("").contains(folder.toString()));
    }

    private static List<Path> glob(Path folder, String glob) throws Exception {
        PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + folder + "/" + glob);
        try (Stream<Path> files = Files.find(folder, 3, (file, kind) -> matcher.matches(file))) {
            return files.toList();
        } catch (UncheckedIOException e) {
            return List.of(); // a file went while they were listed
        }
    }

    private void demo(String... arguments) {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] all =
                Stream.concat(Stream.of("demo"), Stream.of(arguments)).toArray(String[]::new);
        assertThat(command.execute(all)).describedAs(err.toString()).isZero();
    }

    private static List<String> rejected(Path log, int line, String reason, String text)
            throws Exception {
        return List.of(
                log.getFileName().toString(),
                Integer.toString(line),
                reason,
                text,
                java.util.HexFormat.of().formatHex(lineOf(log, line)));
    }

    private static byte[] lineOf(Path log, int number) throws Exception {
        String text = Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.split("\n", -1)[number - 1].getBytes(
                java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static List<CSVRecord> read(Path folder, String file) throws Exception {
        try (CSVParser csv =
                CSVParser.parse(
                        folder.resolve(file),
                        UTF_8,
                        CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
            return csv.getRecords();
        }
    }

    private static List<String> columns(Kind kind) {
        return Measure.ALL.stream()
                .filter(measure -> measure.kind() == kind)
                .map(Measure::column)
                .toList();
    }

    private static List<List<String>> cells(List<CSVRecord> rows, List<String> columns) {
        return rows.stream().map(row -> columns.stream().map(row::get).toList()).toList();
    }

    /** Sums by site and the beginning of the bucket's time. */
    private static Map<String, List<Long>> sums(List<CSVRecord> rows, int lengthOfTime) {
        Map<String, List<Long>> sums = new TreeMap<>();
        for (CSVRecord row : rows) {
            assertThat(row.get("bucket")).hasSizeGreaterThan(MINUTE_OF_TIME).endsWith("Z");
            String key = row.get("site_id") + " " + row.get("bucket").substring(0, lengthOfTime);
            List<Long> values =
                    SUMMED.stream().map(column -> Long.parseLong(row.get(column))).toList();
            sums.merge(key, values, DemoIT::plus);
        }
        return sums;
    }

    private static List<Long> plus(List<Long> a, List<Long> b) {
        List<Long> sum = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sum.add(a.get(i) + b.get(i));
        }
        return sum;
    }

    private static long sum(List<CSVRecord> rows, String column) {
        return rows.stream().mapToLong(row -> Long.parseLong(row.get(column))).sum();
    }

    private static Map<String, Long> totals(List<CSVRecord> rows) {
        Map<String, Long> totals = new TreeMap<>();
        rows.forEach(row -> totals.put(row.get("outcome"), Long.parseLong(row.get("records"))));
        return totals;
    }

    private static Map<String, Long> rejections(List<CSVRecord> letters) {
        Map<String, Long> rejections = new TreeMap<>();
        letters.forEach(row -> rejections.merge("rejected:" + row.get("reason"), 1L, Long::sum));
        return rejections;
    }

    private static Map<String, Long> withoutOthers(Map<String, Long> totals) {
        Map<String, Long> rejected = new TreeMap<>(totals);
        rejected.remove("counted");
        rejected.remove("late");
        return rejected;
    }
}
