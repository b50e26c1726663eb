package io.weir.tools.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.connect.CommandException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class WeirTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutArgumentsHelpIsPrinted() {
        assertThat(weir()).isZero();
        assertThat(out.toString())
                .contains("Usage: weir")
                .contains(Weir.commandLine().getSubcommands().keySet());
    }

    @ParameterizedTest
    @CsvSource({
        "bench, bench is not part of a release",
        "bench throughput --rounds 5, run ./weir bench throughput --rounds 5",
        "gate --seeds 1-5, run ./weir gate --seeds 1-5"
    })
    void whatIsNoPartOfTheProductSaysWhereItIs(String command, String message) {
        assertThat(weir(command.split(" ", -1))).isOne();
        assertThat(err.toString()).contains(message);
    }

    /** All commands, as they are typed after {@code weir}. */
    static Stream<String> commands() {
        return tree(Weir.commandLine())
                .map(command -> command.getCommandSpec().qualifiedName().substring("weir".length()))
                .map(String::strip);
    }

    private static Stream<CommandLine> tree(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(WeirTest::tree));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(String command) {
        assertThat(weir((command + " --help").strip().split(" ", -1))).isZero();
        assertThat(out.toString()).startsWith("Usage: " + ("weir " + command).strip() + " ");
    }

    /** A heading's anchor is its words in lower case, with hyphens between them. */
    @ParameterizedTest
    @MethodSource("commands")
    void theHelpOfACommandEndsWithItsManual(String command) throws Exception {
        weir((command + " --help").strip().split(" ", -1));
        String last = out.toString().lines().reduce((before, line) -> line).orElseThrow();
        assertThat(last).startsWith(command.isEmpty() ? "All manuals: " : "Manual: ");
        String[] place = last.split(" ", -1)[command.isEmpty() ? 2 : 1].split("#", -1);
        Path manual = Path.of("..", place[0]);
        assertThat(manual).isRegularFile();
        if (place.length > 1) {
            assertThat(Files.readAllLines(manual))
                    .filteredOn(line -> line.startsWith("#"))
                    .extracting(
                            line ->
                                    line.replaceFirst("^#+ ", "")
                                            .toLowerCase(Locale.ROOT)
                                            .replace(",", "")
                                            .replace(' ', '-'))
                    .contains(place[1]);
        }
    }

    @Test
    void everyCommandAndArgumentHasADescriptionOfItsOwn() {
        List<CommandSpec> commands =
                tree(Weir.commandLine()).map(CommandLine::getCommandSpec).toList();
        assertThat(commands)
                .extracting(command -> String.join(" ", command.usageMessage().description()))
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(commands.stream().flatMap(command -> command.args().stream()))
                .allSatisfy(argument -> assertThat(argument.description()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense",
                "demo --nonsense",
                "demo --requests many",
                "demo --requests 0",
                "demo --sites 0",
                "demo --span banana",
                "demo --span 0s",
                "demo --rate 0",
                "demo --parallelism 0",
                "demo --parallelism 13",
                "demo --prefix Robert'",
                "demo --prefix pg_x",
                "demo --site-id 7",
                "demo --page-port 7777",
                "demo --page-port 0",
                "demo --remove",
                "generate --bootstrap-servers 127.0.0.1:1 --span 99999d",
                "schema audit --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --limit 0",
                "schema audit --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --limit -5",
                "schema audit --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --from 2026-11-29 --to 2026-11-28",
                "schema audit --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --from 2026-11-29 --to 2026-11-29T00:00:00Z",
                "schema budget --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --sites 0 --events-per-day 1",
                "schema budget --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --sites 1 --events-per-day 0",
                "schema budget --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --sites 1 --events-per-day 1 --zipf -1",
                "schema budget --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --sites 1 --events-per-day 1 --disk much",
                "schema budget --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --sites 1 --events-per-day 1 --disk 0",
                "schema migrate --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --max-age 7d",
                "schema verify --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --max-age 7d",
                "maintain --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --max-age 7d",
                "doctor --config ../conf/weir.properties --max-age 7d",
                "demo --db-user me",
                "demo --election-window banana",
                "demo --election-window 90s --election-interval 1min",
                "demo --election-window 30min",
                "demo --election-window 32d",
                "demo --election-interval 0s",
                "demo --election-interval 30s",
                "demo --election-interval 7min",
                "demo --election-window 3d --election-interval 2d",
                "demo --min-hits 0",
                "demo --max-entries 0",
                "demo --max-entries 1000001",
                "top",
                "top --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --limit 0",
                "top --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --limit few",
                "top --jdbc-url mysql://127.0.0.1/x --db-user me",
                "demo --jdbc-url jdbc:postgresql://127.0.0.1:1/x",
                "demo --jdbc-url mysql://127.0.0.1/x --db-user me",
                "cluster start --taskmanagers 0",
                "cluster start --slots many",
                "cluster start --rest-port 65536",
                "cluster submit --config no/such.properties",
                "cluster submit --config ../conf/weir.properties --set kafka.tpoic=x",
                "cluster submit --config ../conf/weir.properties --set store.url=jdbc:postgresql://h/d?password=p",
                "cluster submit --set kafka.topic=x",
                "cluster submit --parallelism 721",
                "cluster submit --from file:///s --without-state",
                "cluster submit --limit 5",
                "cluster upgrade",
                "cluster savepoint --flink localhost:8081",
                "cluster stop --flink http://localhost:8081",
                "doctor",
                "doctor --config no/such.properties",
                "doctor --config ../conf/weir.properties --flink localhost:8081",
                "maintain --every 10 --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me",
                "demo --keep-running --page-port 65536",
                "serve",
                "serve --jdbc-url mysql://127.0.0.1/x --db-user me",
                "serve --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --port -1",
                "generate",
                "replay-log --bootstrap-servers 127.0.0.1:1",
                "replay-log --bootstrap-servers 127.0.0.1:1 --from end a.log",
                "replay-log --bootstrap-servers 127.0.0.1:1 --position p.json a.log",
                "replay-log --bootstrap-servers 127.0.0.1:1 --follow --from here a.log",
                "replay-log --bootstrap-servers 127.0.0.1:1 --follow -",
                "replay-log --bootstrap-servers 127.0.0.1:1 --follow .",
                "schema migrate",
                "schema migrate --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --shards 0",
                "schema verify",
                "schema verify --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --shards 1025",
                "maintain",
                "maintain --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --every 0s",
                "maintain --jdbc-url mysql://127.0.0.1/x --db-user me --every 10m"
            })
    void wrongUsageIsOneLineAndAHint(String arguments) {
        assertThat(weir(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(2);
        assertThat(err.toString()).startsWith("weir: ").contains("--help'.");
    }

    @Test
    void aMessageNamesTheOptionAndTheValue() {
        weir("demo", "--span", "banana");
        assertThat(err.toString()).contains("--span", "'banana'", "3h");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--election-interval 7min | --election-interval: 7min must be of whole minutes and divide a day",
                "--election-interval 3h | --election-window: 2h must not be shorter than --election-interval, 3h",
                "--election-interval 1min --election-window 25h | --election-window: 25h must be at most 1440 times --election-interval, 1min",
                "--min-hits 0 | --min-hits: 0 must be 1 or more"
            })
    void aRuleOfTheElectionIsNamedWithItsOption(String arguments, String message) {
        assertThat(weir(("demo " + arguments).split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).startsWith("weir: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--requests -5 | --requests: -5 must be 1 or more",
                "--sites 0 | --sites: 0 must be 1 to 1,000,000"
            })
    void aMessageNamesTheRange(String arguments, String message) {
        assertThat(weir(("demo " + arguments).split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines()).first().isEqualTo("weir: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demo --span 20469d --seed 7 | --span: 20469d reaches back before 1970, it can be at most 20468d",
                "demo --span 999999999999d --seed 7 | --span: 999999999999d reaches back before 1970, it can be at most 20468d",
                "demo --page-port 7777 | --page-port is given without --keep-running",
                "cluster start --rest-port 0 | --rest-port: 0 must be 1 to 65,535",
                "cluster submit --set kafka.topic=x | --set is given without --config: name the configuration file that it overrides",
                "cluster stop --flink http://h:1 | --flink: the processes of a cluster are stopped where they were started: give --job to stop a job",
                "demo --prefix pg_x | --prefix: 'pg_x' must not begin with pg_, which PostgreSQL keeps for its own schemas",
                "schema audit --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --from 2026-11-29 --to 2026-11-28 | --to: 2026-11-28T00:00Z must be later than --from, 2026-11-29T00:00Z",
                "schema audit --jdbc-url jdbc:postgresql://127.0.0.1:1/x --db-user me --limit -5 | --limit: -5 must be 1 or more"
            })
    void whatCannotBeIsRefusedBeforeAnythingStarts(String arguments, String message) {
        assertThat(weir(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines()).first().isEqualTo("weir: " + message);
    }

    @Test
    void theLongestTimeToKeepMinutesIsNamed() {
        long days = LocalDate.now(ZoneOffset.UTC).toEpochDay();
        weir(
                "schema",
                "budget",
                "--jdbc-url",
                "jdbc:postgresql://127.0.0.1:1/x",
                "--db-user",
                "me",
                "--sites",
                "1",
                "--events-per-day",
                "1",
                "--keep-minutes",
                "100000000d");
        assertThat(err.toString())
                .contains(
                        "--keep-minutes: 100000000d reaches back before 1970, it can be at most "
                                + days
                                + "d");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, a, -1 must be 0 or more",
        "2147483647, a b, '2147483647 must be 2147483646 or less, so that each of the 2 logs has a"
                + " site, at most 2147483647'"
    })
    void eachLogHasASite(String first, String logs, String message, @TempDir Path folder)
            throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "replay-log",
                                "--bootstrap-servers",
                                "127.0.0.1:1",
                                "--site-id",
                                first));
        for (String log : logs.split(" ", -1)) {
            arguments.add(Files.createFile(folder.resolve(log)).toString());
        }
        assertThat(weir(arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString().lines()).first().isEqualTo("weir: --site-id: " + message);
    }

    @Test
    void theLastSiteMayHaveALog(@TempDir Path folder) throws Exception {
        String log = Files.createFile(folder.resolve("empty.log")).toString();
        assertThat(
                        weir(
                                "replay-log",
                                "--bootstrap-servers",
                                "127.0.0.1:1",
                                "--site-id",
                                "2147483647",
                                log))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("weir: no requests in " + log);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--requests many | '--requests': 'many' is not a whole number",
                "--parallelism 1.5 | '--parallelism': '1.5' is not a whole number",
                "--parallelism 2147483648 | '--parallelism': '2147483648' is too large a number",
                "--seed 9223372036854775808 | '--seed': '9223372036854775808' is too large a number"
            })
    void whatIsNoNumberIsRefused(String arguments, String message) {
        assertThat(weir(("demo " + arguments).split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo("weir: Invalid value for option " + message);
    }

    @Test
    void theLogIsNamedAfterWhatNobodyForesaw() {
        System.setProperty("weir.log", "the.log");
        try {
            assertThat(weir("demo", "--access-log", "no/such.log")).isEqualTo(1);
            assertThat(err.toString()).doesNotContain("the.log");

            CommandLine command = Weir.commandLine();
            command.addSubcommand("stumble", new Fails(new IllegalStateException("a stone")));
            command.addSubcommand(
                    "stop", new Fails(CommandException.logged("the job failed", new Throwable())));
            command.setErr(new PrintWriter(err));
            assertThat(command.execute("stumble")).isEqualTo(1);
            assertThat(err.toString())
                    .endsWith("weir: unexpected failure: a stone\nThe log is the.log\n");
            assertThat(command.execute("stop")).isEqualTo(1);
            assertThat(err.toString()).endsWith("weir: the job failed\nThe log is the.log\n");
        } finally {
            System.clearProperty("weir.log");
        }
    }

    @CommandLine.Command
    private record Fails(RuntimeException failure) implements Runnable {
        @Override
        public void run() {
            throw failure;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--seed 7, --seed",
        "--sites 5, --sites",
        "--requests 5, --requests",
        "--span 1h, --span",
        "'--sites 500 --seed 7', '--seed, --sites'"
    })
    void aLogNeedsNoGenerator(String typed, String named) {
        String arguments = "demo --access-log no/such.log " + typed;
        assertThat(weir(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo(
                        "weir: "
                                + named
                                + ": --access-log sends the lines of logs and generates no"
                                + " requests");
    }

    @Test
    void aFormatThatIsNoneIsRefused(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("a.log"), "a line\n");
        assertThat(weir("demo", "--access-log", log.toString(), "--log-format", "XML"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo(
                        "weir: --log-format: 'XML' must be auto, common, combined, vhost, json, w3c,"
                                + " alb, cloudfront, or a LogFormat of Apache or a log_format of nginx,"
                                + " such as '%h %l %u %t \"%r\" %>s %b'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%h %t \"%r\" %b|it has no status: Apache's is %>s, nginx's is $status",
                "$remote_addr $status|it has no time: Apache's is %t, nginx's is $time_local",
                "%h %t %>s %Z|unknown directive %Z"
            })
    void aFormatStringThatCannotBeUsedIsRefusedBeforeAnythingIsRead(String format, String why) {
        assertThat(weir("demo", "--access-log", "/no/such/file", "--log-format", format))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo("weir: --log-format: '%s' cannot be used: %s".formatted(format, why));
    }

    @Test
    void aFormatStringSaysItselfWhereTheResponseTimeIs() {
        assertThat(
                        weir(
                                "demo",
                                "--access-log",
                                "/no/such/file",
                                "--log-format",
                                "%h %t %>s %D",
                                "--response-time",
                                "last:us"))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("weir: --response-time: 'last:us' is of no use when --log-format says");
    }

    @Test
    void aLogWithoutARequestInAFormatStringIsToldHowItWasRead(@TempDir Path folder)
            throws Exception {
        Path text = Files.writeString(folder.resolve("a.log"), "192.0.2.1 [nothing] 200\n");
        assertThat(weir("demo", "--access-log", text.toString(), "--log-format", "%h %t %>s"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "read as the format that was given (client %h, time %t, no request, status"
                                + " %>s, no size, no response time, no host): a.log")
                .contains("  time does not fit the format            1   line 1 of a.log: 192.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"last", "us", "last:h", "AUTO", ""})
    void aResponseTimeOfAnotherKindIsRefused(String value, @TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("a.log"), "a line\n");
        assertThat(weir("demo", "--access-log", log.toString(), "--response-time", value))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo(
                        "weir: --response-time: '"
                                + value
                                + "' must be auto, off, last:us, last:ms or last:s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo --access-log %s",
                "demo --access-log=%s",
                "replay-log --bootstrap-servers 127.0.0.1:1 %s"
            })
    void aLogWithoutALineIsNamed(String arguments, @TempDir Path folder) throws Exception {
        Path log = Files.createFile(folder.resolve("empty.log"));
        assertThat(weir(arguments.formatted(log).split(" ", -1))).isEqualTo(1);
        assertThat(err.toString().lines())
                .first()
                .asString()
                .startsWith("weir: no requests in " + log);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo --access-log %s", "replay-log --bootstrap-servers 127.0.0.1:1 %s"})
    void aFileThatIsNoLogIsNamed(String arguments, @TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("poem.txt"), "a line\n\"another\"\n");
        assertThat(weir(arguments.formatted(text).split(" ", -1))).isEqualTo(1);
        assertThat(err.toString().lines())
                .first()
                .isEqualTo(
                        "weir: no requests in "
                                + text
                                + ": 2 lines, but none is a request in the format that was looked"
                                + " for");
        assertThat(out.toString())
                .contains("  no bracketed time            2   line 1 of poem.txt: a line")
                .contains(
                        "read as no known format (common, combined or vhost_combined: no"
                                + " bracketed time; JSON lines: no JSON object; W3C extended: no #Fields;"
                                + " AWS Application Load Balancer: no line of a load balancer;"
                                + " CloudFront's standard log: no line of CloudFront): poem.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schema audit",
                "schema budget",
                "serve",
                "site list",
                "tenant list",
                "top",
                "view list",
                "view top"
            })
    void aReaderIsEnoughWhereNothingIsChanged(String command) {
        assertThat(help(command))
                .contains(
                        "--db-user=USER The user who reads (a member of weir_reader is enough); the");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maintain",
                "schema migrate",
                "schema reset-range",
                "schema status",
                "schema verify",
                "site add",
                "site remove",
                "tenant add",
                "tenant remove",
                "tenant set",
                "view add",
                "view pause",
                "view remove",
                "view resume"
            })
    void whatChangesTheSchemaIsForItsOwner(String command) {
        assertThat(help(command)).contains("--db-user=USER The schema's owner; the password");
    }

    /** What the help of a command says on its database and who asks, in one line. */
    private String help(String command) {
        assertThat(weir((command + " --help").split(" ", -1))).isZero();
        return out.toString().replaceAll("\\s+", " ");
    }

    @Test
    void aMissingAccessLogIsNamed() {
        assertThat(weir("demo", "--access-log", "no/such.log")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no access log no/such.log");
    }

    @Test
    void aFolderWithoutALogIsNamed(@TempDir Path folder) {
        assertThat(weir("demo", "--access-log", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no access log in the folder " + folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%1$s/a.log %1$s/b.log", "%1$s/a.log,%1$s/b.log", "%1$s"})
    void severalLogsAreNamedInOneGo(String logs, @TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("a.log"));
        Files.createFile(folder.resolve("b.log"));
        for (String command :
                List.of(
                        "demo --access-log %s --rate 5",
                        "demo --rate 5 --access-log %s",
                        "replay-log --bootstrap-servers 127.0.0.1:1 %s")) {
            assertThat(weir(command.formatted(logs.formatted(folder)).split(" ", -1))).isEqualTo(1);
        }
        assertThat(err.toString().lines())
                .hasSize(3)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith("weir: no requests in ")
                                        .contains("%1$s/a.log, %1$s/b.log".formatted(folder)));
    }

    @Test
    void aCommandRunsInNoLocaleWhateverThatOfTheMachine(@TempDir Path folder) throws Exception {
        Path log = Files.createFile(folder.resolve("a.LOG"));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(new Locale.Builder().setLanguage("tr").setRegion("TR").build());
            CommandLine command = Weir.commandLine();
            command.setErr(new PrintWriter(err));
            assertThat(Weir.run(command, "demo", "--access-log", folder.toString())).isEqualTo(1);
            assertThat(err.toString()).startsWith("weir: no requests in " + log);
            assertThat(Locale.getDefault()).isEqualTo(Locale.ROOT);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theStandardInputIsALog() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("a\nb\n".getBytes(UTF_8)));
        try {
            assertThat(weir("demo", "--access-log", "-")).isEqualTo(1);
        } finally {
            System.setIn(before);
        }
        assertThat(err.toString()).startsWith("weir: no requests in -: 2 lines, but none is");
    }

    @Test
    void theSameLogTwiceIsRefused(@TempDir Path folder) throws Exception {
        Path log = Files.createFile(folder.resolve("a.log"));
        assertThat(weir("demo", "--access-log", log.toString(), folder.toString())).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("weir: " + log + " is named twice\n");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        assertThat(
                        weir(
                                "demo",
                                "--jdbc-url",
                                "jdbc:postgresql://127.0.0.1:1/x?sslmode=disable",
                                "--db-user",
                                "me"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("no PostgreSQL answers at jdbc:postgresql://127.0.0.1:1/x")
                .doesNotContain("sslmode");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://bob:s3same@127.0.0.1:1/x",
                "jdbc:postgresql://127.0.0.1:1/x?password=s3same",
                "jdbc:postgresql://127.0.0.1:1/x?pass%77ord=s3same",
                "jdbc:postgresql://127.0.0.1:1/x?ssl=true&%75ser=s3same",
                "jdbc:postgresql://127.0.0.1:1/x?ssl=true&sslPassword=s3same"
            })
    void aPasswordInTheAddressIsRefusedUnseen(String url) {
        assertThat(weir("schema", "status", "--jdbc-url", url, "--db-user", "bob")).isEqualTo(2);
        assertThat(err.toString()).contains("WEIR_STORE_PASSWORD").doesNotContain("s3same");
        assertThat(out.toString()).doesNotContain("s3same");
    }

    @Test
    void aBrokerThatIsNotThereIsNamed() {
        assertThat(weir("generate", "--bootstrap-servers", "127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString()).contains("no Kafka broker answers at 127.0.0.1:1");
    }

    @Test
    void clientPropertiesThatCannotBeReadAreNamed(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("client.properties");
        Path malformed = Files.writeString(folder.resolve("windows.properties"), "a=C:\\users");
        for (Path file : List.of(missing, malformed)) {
            assertThat(
                            weir(
                                    "generate",
                                    "--bootstrap-servers",
                                    "127.0.0.1:1",
                                    "--client-properties",
                                    file.toString()))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("--client-properties: cannot read " + file);
            assertThat(weir("doctor", "--config", file.toString())).isEqualTo(2);
            assertThat(err.toString()).contains("--config: cannot read " + file);
        }
    }

    @Test
    void aDamagedAccessLogIsNamed(@TempDir Path folder) throws Exception {
        Path cut = Files.write(folder.resolve("a.log"), new byte[] {0x1F, (byte) 0x8B, 8});
        assertThat(weir("demo", "--access-log", cut.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(
                        "weir: cannot read %s: its gzip data ends there: it was cut, or is still being written\n"
                                .formatted(cut));
    }

    private int weir(String... arguments) {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }
}
