package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weir.config.JobOptions;
import io.weir.request.ReadRecord;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Stack;
import io.weir.schema.SchemaMigration;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.RecordSender;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * A healthy stack, and the same stack with one thing broken at a time, which is fixed after each
 * test.
 */
class DoctorIT {

    private static final String TOPIC = "http_requests";
    private static final String PASSWORD = "correct horse";

    @TempDir private static Path folder;

    private static Stack stack;
    private static FlinkCluster flink;
    private static JobID job;
    private static Path passwordFile;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> settings = new HashMap<>();

    /** While it is set, the job holds the record that it reads. */
    private static volatile boolean isHeld;

    @BeforeAll
    static void startAHealthyStack() throws Exception {
        stack = Stack.start(folder);
        makeTopics(TOPIC);
        new SchemaMigration(stack.jdbcUrl(), stack.databaseUser(), null, "weir").migrate();
        sql(
                "call weir.maintain()",
                "create role weir_job login password '" + PASSWORD + "' in role weir_writer",
                "create role weir_other login password '" + PASSWORD + "'");
        askForPasswords();
        passwordFile = Files.writeString(folder.resolve("password"), PASSWORD);

        flink = FlinkCluster.start(folder, 2);
        send(2_000);
        JobOptions options = JobOptions.of(configuration());
        job = flink.run(options, 2, null, DoctorIT::holding);
        flink.awaitConsumed(stack, options);
        flink.awaitRunning(job);
    }

    @AfterAll
    static void stop() throws Exception {
        isHeld = false;
        flink.close();
        stack.close();
    }

    @AfterEach
    void releaseTheJob() {
        isHeld = false;
    }

    @Test
    void ofAHealthyStackThereIsNothingToSay() throws Exception {
        assertThat(doctor()).as(out + "" + err).isZero();
        assertThat(out.toString().lines())
                .singleElement()
                .asString()
                .matches("\\d\\d checks, all is well");
    }

    @Test
    void noBroker() throws Exception {
        settings.put("kafka.bootstrap-servers", "127.0.0.1:1");
        finds("Kafka at 127.0.0.1:1: no broker answers", "Start it, or correct kafka.bootstrap");
    }

    @Test
    void noTopic() throws Exception {
        settings.put("kafka.topic", "elsewhere");
        finds("topic elsewhere: does not exist");
        String command =
                creationOfTheReadme()
                        .replace("http_requests", "elsewhere")
                        .replace("broker:9092", stack.bootstrapServers());
        assertThat(out.toString().lines())
                .contains(
                        "topic elsewhere: does not exist. " + command,
                        "topic elsewhere.rejected: does not exist. " + command,
                        "topic elsewhere.late: does not exist. " + command);
    }

    private static String creationOfTheReadme() throws Exception {
        return Files.readString(Path.of("..", "README.md"))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("./weir topics create"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTopicTooSmallForLetters() throws Exception {
        alter(TOPIC + ".rejected", "max.message.bytes", "1048588");
        finds(
                "topic http_requests.rejected: max.message.bytes is 1048588",
                "--add-config max.message.bytes=4194304");
        alter(TOPIC + ".rejected", "max.message.bytes", "4194304");
    }

    @Test
    void lettersThatAreDroppedSoon() throws Exception {
        alter(TOPIC + ".late", "retention.ms", "604800000");
        alter(TOPIC + ".rejected", "retention.bytes", "1000000");
        finds(
                "topic http_requests.late: keeps letters for 7d (retention.ms), less than 30d",
                "--add-config retention.ms=2592000000");
        finds(
                List.of("--letters-retention", "7d"),
                "topic http_requests.rejected: drops letters of any age when a partition has more"
                        + " than 1000000 bytes",
                "--add-config retention.bytes=-1");
        assertThat(out.toString()).doesNotContain("less than");
        alter(TOPIC + ".late", "retention.ms", "-1");
        alter(TOPIC + ".rejected", "retention.bytes", "-1");
    }

    @Test
    void timestampsOfAnySender() throws Exception {
        alter(TOPIC, "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        finds(
                "topic http_requests: accepts any timestamp",
                "--add-config message.timestamp.type=LogAppendTime (or"
                        + " message.timestamp.after.max.ms=300000)");
        alter(TOPIC, "message.timestamp.after.max.ms", "300000");
    }

    @Test
    void nothingCommitted() throws Exception {
        settings.put("kafka.group-id", "nobody");
        finds("group nobody: has committed no offsets of http_requests", "Start the job");
    }

    @Test
    void wrongDatabasePassword() throws Exception {
        settings.put(
                "store.password-file",
                Files.writeString(folder.resolve("wrong"), "battery staple").toString());
        finds(
                "refuses user weir_job (FATAL: password authentication failed",
                "Correct store.url, store.user and the job's password");
    }

    @Test
    void noServer() throws Exception {
        settings.put("store.url", "jdbc:postgresql://127.0.0.1:1/weir");
        finds(
                "database jdbc:postgresql://127.0.0.1:1/weir: no server answers (Connection refused)"
                        + ". Start it, or correct store.url");
        assertThat(out.toString().lines().filter(line -> line.startsWith("database"))).hasSize(1);
        assertThat(out.toString())
                .containsPattern(
                        "checks, 1 finding; not looked at: schema, job rights, clock, overdue"
                                + " partitions, shards per core, rows never final, election, all"
                                + " of schema verify");
    }

    @Test
    void noDatabase() throws Exception {
        String url = stack.jdbcUrl().replaceFirst("/[^/]*$", "/nowhere");
        settings.put("store.url", url);
        finds("database " + url + ": does not exist", "Correct store.url, or create it");
    }

    @Test
    void schemaNotUpToDate() throws Exception {
        sql(
                "create table public.kept as select * from weir.flyway_schema_history",
                "delete from weir.flyway_schema_history where description like '%ranges'");
        finds("schema weir: ", "weir schema migrate");
        sql(
                "truncate weir.flyway_schema_history",
                "insert into weir.flyway_schema_history select * from public.kept",
                "drop table public.kept");
    }

    @Test
    void noSchema() throws Exception {
        settings.put("store.schema", "nowhere");
        finds(
                "schema nowhere: does not exist. Correct store.schema, or create it: ./weir schema"
                        + " migrate");
    }

    @Test
    void partitionsRunningOut() throws Exception {
        String partition =
                stack.query(
                                "select relation from weir.partitions()"
                                        + " where parent = 'http_request_1min'"
                                        + " order by lower_bound desc limit 1 offset 2")
                        .get(0);
        sql("drop table weir." + partition);
        finds(partition, "maintain");
        sql("call weir.maintain()");
    }

    @Test
    void wrongRights() throws Exception {
        settings.put("store.user", "weir_other");
        finds("user weir_other: ", "As the owner: grant weir_writer to weir_other");
    }

    @Test
    void onlyTheOwnerSeesTheSchema() throws Exception {
        assertThat(run("--flink", flink.rest().toString())).isEqualTo(1);
        assertThat(out.toString()).contains("Name the schema's owner with --db-user");
    }

    @Test
    void aViewWhoseFilterCannotBeRead() throws Exception {
        sql("select weir.define_view('broken', 'status', 'status >> 5')");
        finds(
                "views: view_id 1 cannot be counted: ",
                "Remove the view, and define it again with ./weir view add");
        sql("select weir.remove_view('broken')");
    }

    @Test
    void rowsThatWereNeverMadeFinal() throws Exception {
        sql(
                "update weir.http_request_1min set is_final = false"
                        + " where bucket = (select min(bucket) from weir.http_request_1min where is_final)");
        List<String> lost =
                stack.query(
                        "select count(*) from weir.http_request_1min where not is_final and is_whole"
                                + " and bucket < now() - interval '70 minutes'");
        assertThat(lost).doesNotContain("0");
        finds("that never became final though newer ones did", "#reset-range");
        sql(
                "update weir.http_request_1min set is_final = is_whole"
                        + " where bucket < now() - interval '70 minutes'");
    }

    @Test
    void anElectionOverdue() throws Exception {
        sql(
                "delete from weir.top_site_election",
                "update weir.top_site_config set election_window = '15 min',"
                        + " election_schedule_interval = '15 min'");
        finds("election: of ", "is overdue, the last one held is none", "#election");
        sql(
                "update weir.top_site_config set election_window = '2 hours',"
                        + " election_schedule_interval = '1 hour'");
    }

    @Test
    void noFlink() throws Exception {
        assertThat(run("--db-user", stack.databaseUser(), "--flink", "http://127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "Flink at http://127.0.0.1:1: does not answer (connection refused)",
                        "name its JobManager with",
                        "; not looked at: job, tasks, checkpoints and restarts of the job");
    }

    @ParameterizedTest
    @CsvSource({"404, <html>, 404", "200, <html>, something else than JSON"})
    void anotherServerThanFlink(int status, String body, String answer) throws Exception {
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        other.start();
        try {
            String address = "http://127.0.0.1:" + other.getAddress().getPort();
            assertThat(run("--db-user", stack.databaseUser(), "--flink", address)).isEqualTo(1);
            assertThat(out.toString())
                    .contains(
                            "Flink at "
                                    + address
                                    + ": answers /jobs/overview with "
                                    + answer
                                    + ", as no running JobManager does. Name the JobManager");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void noJobOfTheNameButAnother() throws Exception {
        finds(
                List.of("--job-name", "another"),
                "job another: does not run. Flink runs \"weir traffic\": if that is it, pass"
                        + " --job-name \"weir traffic\"; otherwise start it",
                "docs/operations.md#upgrade");
    }

    @Test
    void aStaleCheckpoint() throws Exception {
        isHeld = true;
        send(10);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () ->
                                finds(
                                        List.of("--checkpoint-age", "2s"),
                                        "job weir traffic: completed its last checkpoint",
                                        "docs/operations.md#checkpoints"));
    }

    @Test
    void aConfigurationThatIsWrongIsWrongUsage() throws Exception {
        settings.put("kafka.tpoic", TOPIC);
        assertThat(doctor()).isEqualTo(2);
        assertThat(err.toString()).contains("kafka.tpoic: unknown key");
    }

    private void finds(String... parts) throws Exception {
        finds(List.of(), parts);
    }

    /** One line has all the parts. */
    private void finds(List<String> options, String... parts) throws Exception {
        out.getBuffer().setLength(0);
        assertThat(doctor(options.toArray(new String[0]))).as(out + "" + err).isEqualTo(1);
        assertThat(out.toString().lines())
                .anySatisfy(line -> assertThat(line).contains(parts))
                .last()
                .asString()
                .matches("\\d+ checks, [1-9]\\d* findings?(; not looked at: .+)?");
    }

    private int doctor(String... options) throws Exception {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--db-user",
                                stack.databaseUser(),
                                "--flink",
                                flink.rest().toString()));
        all.addAll(List.of(options));
        return run(all.toArray(new String[0]));
    }

    private int run(String... options) throws Exception {
        Map<String, String> changed = configuration();
        changed.putAll(settings);
        StringBuilder text = new StringBuilder();
        changed.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        Path file = Files.writeString(Files.createTempFile(folder, "weir", ".properties"), text);
        List<String> arguments = new ArrayList<>(List.of("doctor", "--config", file.toString()));
        arguments.addAll(List.of(options));
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments.toArray(new String[0]));
    }

    private static Map<String, String> configuration() {
        return new HashMap<>(
                Map.of(
                        "kafka.bootstrap-servers", stack.bootstrapServers(),
                        "kafka.start-from", "earliest",
                        "event-time.idleness", "off",
                        "event-time.alignment-drift", "off",
                        "provisional.hour", "200 ms",
                        "provisional.day", "200 ms",
                        "store.url", stack.jdbcUrl(),
                        "store.user", "weir_job",
                        "store.password-file", passwordFile.toString(),
                        "store.batch-interval", "100 ms"));
    }

    private static void makeTopics(String topic) throws Exception {
        stack.createTopics(topic, 2);
        alter(topic, "message.timestamp.after.max.ms", "300000");
    }

    /** Sends requests of the last two hours, with the times at which they were made. */
    private static void send(int requests) throws InterruptedException {
        try (RecordSender sender =
                new RecordSender(
                        Map.of("bootstrap.servers", stack.bootstrapServers()), TOPIC, 2, null)) {
            sender.send(new GeneratedRequests(requests, 5, Duration.ofHours(2), 7, Instant.now()));
        }
    }

    private static void alter(String topic, String setting, String value) throws Exception {
        try (Admin admin = stack.admin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Collection<AlterConfigOp> change =
                    Set.of(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET));
            admin.incrementalAlterConfigs(Map.of(resource, change)).all().get();
        }
        try (KafkaCluster kafka =
                KafkaCluster.connect(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            Awaitility.await().until(() -> kafka.setting(topic, setting).equals(value));
        }
    }

    /** The server of the tests lets everybody in; now the job has to say its password. */
    private static void askForPasswords() throws Exception {
        Path rules = Path.of(stack.query("show hba_file").get(0));
        Files.writeString(
                rules,
                "host all weir_job,weir_other all scram-sha-256\n" + Files.readString(rules));
        sql("select pg_reload_conf()");
    }

    private static void sql(String... statements) throws SQLException {
        try (Connection connection = stack.connect();
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    private static DataStream<ReadRecord> holding(DataStream<ReadRecord> records) {
        return records.map(new Hold()).returns(records.getType());
    }

    /** Lets records pass unless it is to hold them. */
    private static final class Hold implements MapFunction<ReadRecord, ReadRecord> {

        private static final long serialVersionUID = 1L;

        @Override
        public ReadRecord map(ReadRecord record) {
            while (isHeld) {
                Thread.onSpinWait();
            }
            return record;
        }
    }
}
