package io.weir.tools.cli;

import static io.weir.tools.topics.JobTopic.LETTERS_RETENTION;
import static io.weir.tools.topics.JobTopic.RETENTION;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.weir.config.JobOptions;
import io.weir.config.Option;
import io.weir.tools.topics.JobTopic;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * docker-compose.yml agrees with itself, with the files that it mounts, with the weir command and
 * with the job's configuration. No container is started.
 */
class ComposeTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(:[?-])?([^}]*)}");
    private static final List<String> PASSWORDS =
            List.of(
                    "WEIR_OWNER_PASSWORD",
                    "WEIR_JOB_PASSWORD",
                    "WEIR_GRAFANA_DB_PASSWORD",
                    "WEIR_GRAFANA_ADMIN_PASSWORD");
    private static final Set<String> BUILT = Set.of("./jobs/target/weir-jobs-0.1.0.jar");

    private final Map<String, Map<String, Object>> services = services();

    @TestFactory
    Stream<DynamicTest> everyMountedFileIsThere() {
        return each(
                (name, service) -> {
                    for (String source : sources(service)) {
                        if (source.startsWith(".") && !BUILT.contains(source)) {
                            assertThat(PROJECT.resolve(source)).exists();
                        }
                    }
                });
    }

    @Test
    void theJarThatIsMountedIsTheOneThatIsBuilt() throws IOException {
        String pom = Files.readString(PROJECT.resolve("pom.xml"));
        Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
        assertThat(version.find()).isTrue();
        assertThat(BUILT).containsExactly("./jobs/target/weir-jobs-" + version.group(1) + ".jar");
        assertThat(sources(service("jobmanager"))).containsAll(BUILT);
        assertThat(sources(service("taskmanager"))).containsAll(BUILT);
    }

    @Test
    void everyVolumeIsDeclaredAndUsed() throws IOException {
        Set<String> used =
                services.values().stream()
                        .flatMap(service -> sources(service).stream())
                        .filter(source -> !source.startsWith("."))
                        .collect(Collectors.toSet());
        assertThat(used).isEqualTo(map(file().get("volumes")).keySet());
    }

    @TestFactory
    Stream<DynamicTest> imagesArePinned() {
        return each(
                (name, service) ->
                        assertThat(String.valueOf(service.get("image")))
                                .matches("[a-z/]+:v?\\d+\\.\\d+\\.\\d+(-[a-z0-9._-]+)?"));
    }

    @Test
    void kafkaAndFlinkAreOfTheVersionsThatWereTested() throws IOException {
        String pom = Files.readString(PROJECT.resolve("pom.xml"));
        String flink = "flink:" + property(pom, "flink.version") + "-scala_2.12-java17";
        assertThat(service("kafka").get("image"))
                .isEqualTo("apache/kafka:" + property(pom, "kafka.version"));
        assertThat(service("jobmanager").get("image")).isEqualTo(flink);
        assertThat(service("taskmanager").get("image")).isEqualTo(flink);
        assertThat(Files.readString(PROJECT.resolve("conf/kubernetes/flinkdeployment.yaml")))
                .contains("FROM " + flink);
    }

    @TestFactory
    Stream<DynamicTest> portsAreOfThisMachineOnly() {
        return each(
                (name, service) ->
                        assertThat(texts(service.get("ports")))
                                .allMatch(port -> port.matches("127\\.0\\.0\\.1:\\d+:\\d+")));
    }

    @Test
    void composeItselfTakesIt(@TempDir Path folder) throws Exception {
        Process config = config(folder, PASSWORDS);
        Map<String, Object> services =
                map(
                        new Yaml(new SafeConstructor(new LoaderOptions()))
                                .<Map<?, ?>>load(text(config.getInputStream()))
                                .get("services"));

        assertThat(config.waitFor()).as(text(config.getErrorStream())).isZero();
        assertThat(services.keySet()).isEqualTo(this.services.keySet());
        Map<String, Object> published = new TreeMap<>();
        services.forEach(
                (name, service) -> {
                    for (Object port : list(map(service).get("ports"))) {
                        assertThat(map(port)).as(name).containsEntry("host_ip", "127.0.0.1");
                        published.put(name, map(port).get("published"));
                    }
                });
        assertThat(published)
                .isEqualTo(
                        Map.of(
                                "coordinator", "5432",
                                "grafana", "3000",
                                "jobmanager", "8081",
                                "kafka", "9092",
                                "prometheus", "9090"));
    }

    @TestFactory
    Stream<DynamicTest> composeItselfNamesThePasswordThatIsMissing(@TempDir Path folder) {
        return PASSWORDS.stream()
                .map(
                        missing ->
                                DynamicTest.dynamicTest(
                                        missing,
                                        () -> {
                                            List<String> others = new ArrayList<>(PASSWORDS);
                                            others.remove(missing);
                                            Process config = config(folder, others);
                                            text(config.getInputStream());
                                            assertThat(text(config.getErrorStream()))
                                                    .contains("variable " + missing + " is missing")
                                                    .contains("choose it in .env");
                                            assertThat(config.waitFor()).isNotZero();
                                        }));
    }

    /** What {@code docker compose config} says with these passwords; needs no daemon. */
    private static Process config(Path folder, List<String> passwords) throws Exception {
        requireCompose();
        Path env = folder.resolve("made-up.env");
        Files.write(env, passwords.stream().map(name -> name + "=made-up").toList());
        ProcessBuilder compose =
                new ProcessBuilder(
                        "docker",
                        "compose",
                        "--env-file",
                        env.toAbsolutePath().toString(),
                        "config");
        compose.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
        return compose.directory(PROJECT.toFile()).start();
    }

    private static void requireCompose() throws Exception {
        String missing = "no docker compose";
        try {
            Process version =
                    new ProcessBuilder("docker", "compose", "version")
                            .redirectErrorStream(true)
                            .start();
            missing = text(version.getInputStream()).strip();
            if (version.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            missing = String.valueOf(e.getMessage());
        }
        LoggerFactory.getLogger(ComposeTest.class)
                .warn("SKIPPED, NOT TESTED WITH DOCKER COMPOSE: {}", missing);
        abort(missing);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void noPasswordHasADefault() throws IOException {
        String text = Files.readString(PROJECT.resolve("docker-compose.yml"));
        Set<String> passwords = new LinkedHashSet<>();
        for (Matcher variable = VARIABLE.matcher(text); variable.find(); ) {
            if (variable.group(1).endsWith("PASSWORD")) {
                assertThat(variable.group(2)).as(variable.group()).isEqualTo(":?");
                passwords.add(variable.group(1));
            }
        }
        assertThat(text.lines().filter(line -> line.contains("PASSWORD: ")))
                .allMatch(line -> line.contains("${"));
        assertThat(Files.readAllLines(PROJECT.resolve(".env.example")))
                .filteredOn(line -> !line.startsWith("#") && !line.isEmpty())
                .containsExactlyInAnyOrderElementsOf(
                        passwords.stream().map(name -> name + "=").toList());
    }

    @TestFactory
    Stream<DynamicTest> theOptionsOfEachWeirCommandAreKnown() {
        return each(
                (name, service) -> {
                    if (texts(service.get("entrypoint")).contains("/weir/weir")) {
                        assertThat(sources(service)).contains(".");
                        assertThatCode(
                                        () ->
                                                Weir.commandLine()
                                                        .parseArgs(
                                                                command(service)
                                                                        .toArray(new String[0])))
                                .doesNotThrowAnyException();
                    }
                });
    }

    @Test
    void theSchemaIsMigratedByTheWeirCommand() {
        assertThat(command(service("schema"))).startsWith("schema", "migrate");
        assertThat(command(service("maintain"))).startsWith("maintain", "--every");
        assertThat(command(service("generator"))).startsWith("generate");
    }

    @Test
    void theJobsKeysAreKnownAndFlinkLeavesThemAlone() throws IOException {
        List<String> arguments = command(service("jobmanager"));
        assertThat(arguments).startsWith("job").hasSizeGreaterThan(3);
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 1; i < arguments.size(); i += 2) {
            keys.put(arguments.get(i).replaceFirst("^--", ""), arguments.get(i + 1));
        }
        // Flink's own parser stops at the first option that it does not know, not even as a prefix.
        assertThat(keys.keySet().iterator().next()).isNotEqualTo("config");

        assertThat(keys.remove("config")).isEqualTo("/weir/conf/weir.properties");
        assertThat(known()).containsAll(keys.keySet());
        Map<String, String> settings = properties();
        settings.putAll(keys);
        JobOptions options = JobOptions.of(settings);

        assertThat(option(service("generator"), "--topic")).isEqualTo(options.kafka().topic());
        assertThat(option(service("generator"), "--bootstrap-servers"))
                .isEqualTo(options.kafka().bootstrapServers());
        assertThat(Files.readString(PROJECT.resolve("conf/docker/topics.sh")))
                .contains(
                        "topic " + options.kafka().topic() + " ",
                        "letters " + options.kafka().lateTopic() + "\n",
                        "letters " + options.kafka().rejectedTopic() + "\n",
                        "--bootstrap-server " + options.kafka().bootstrapServers());
        for (String name : List.of("schema", "partitions", "maintain")) {
            assertThat(option(service(name), "--jdbc-url")).isEqualTo(options.store().url());
            assertThat(option(service(name), "--db-user"))
                    .isEqualTo(environment("coordinator", "POSTGRES_USER"));
        }
        assertThat(options.store().schema()).isEqualTo("weir");
        assertThat(options.store().url())
                .endsWith("coordinator:5432/" + environment("coordinator", "POSTGRES_DB"));
        assertThat(Files.readString(PROJECT.resolve("conf/docker/roles.sh")))
                .contains(
                        "grant weir_writer to " + options.store().user() + ";",
                        "grant weir_reader to " + environment("grafana", "WEIR_STORE_USER") + ";");
        assertThat(environment("jobmanager", "WEIR_STORE_PASSWORD"))
                .isEqualTo(environment("roles", "WEIR_JOB_PASSWORD"));
        assertThat(environment("grafana", "WEIR_STORE_PASSWORD"))
                .isEqualTo(environment("roles", "WEIR_GRAFANA_DB_PASSWORD"));
    }

    @Test
    void topicsAreSetAsTheCommandSetsThem() throws IOException {
        String script = Files.readString(PROJECT.resolve("conf/docker/topics.sh"));
        Matcher setting = Pattern.compile("--config (\\S+)").matcher(script);
        Set<String> there = setting.results().map(found -> found.group(1)).collect(toSet());

        assertThat(there)
                .isEqualTo(
                        JobTopic.all("t", 1, null, RETENTION, LETTERS_RETENTION).stream()
                                .flatMap(topic -> topic.settings().entrySet().stream())
                                .map(Map.Entry::toString)
                                .collect(toSet()));
    }

    @Test
    void whatIsWaitedForIsThereAndCanHappen() {
        services.forEach(
                (name, service) ->
                        map(service.get("depends_on"))
                                .forEach(
                                        (other, how) -> {
                                            assertThat(services).containsKey(other);
                                            String condition =
                                                    String.valueOf(map(how).get("condition"));
                                            boolean isStep =
                                                    "no".equals(service(other).get("restart"));
                                            assertThat(condition)
                                                    .as(name + " waits for " + other)
                                                    .isEqualTo(
                                                            isStep
                                                                    ? "service_completed_successfully"
                                                                    : "service_healthy");
                                            if (!isStep) {
                                                assertThat(service(other))
                                                        .containsKey("healthcheck");
                                            }
                                        }));
    }

    @Test
    void theOrderHasNoCycle() {
        Map<String, Set<String>> waiting = new TreeMap<>();
        services.forEach(
                (name, service) ->
                        waiting.put(
                                name,
                                new LinkedHashSet<>(map(service.get("depends_on")).keySet())));
        List<String> order = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<String> ready =
                    waiting.entrySet().stream()
                            .filter(entry -> entry.getValue().isEmpty())
                            .map(Map.Entry::getKey)
                            .toList();
            assertThat(ready).as("one of " + waiting + " can start").isNotEmpty();
            ready.forEach(waiting::remove);
            waiting.values().forEach(others -> others.removeAll(ready));
            order.addAll(ready);
        }
        assertThat(order)
                .containsSubsequence("coordinator", "cluster", "schema", "partitions", "jobmanager")
                .containsSubsequence("kafka", "topics", "jobmanager", "taskmanager");
    }

    @Test
    void flinksSettingsAreOneLineEachAndTheSameOnKubernetes() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String line : Files.readAllLines(PROJECT.resolve("conf/config.yaml"))) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                assertThat(line).matches("[a-z.A-Z-]+: \\S+");
                settings.put(line.split(": ", -1)[0], line.split(": ", -1)[1]);
            }
        }
        JsonNode spec =
                new YAMLMapper(new YAMLFactory())
                        .readTree(PROJECT.resolve("conf/kubernetes/flinkdeployment.yaml").toFile())
                        .path("spec");
        JsonNode there = spec.path("flinkConfiguration");
        settings.keySet().removeIf(key -> key.endsWith("dir"));
        settings.forEach(
                (key, value) -> assertThat(there.path(key).asText()).as(key).isEqualTo(value));

        List<String> arguments = new ArrayList<>();
        spec.path("job").path("args").forEach(argument -> arguments.add(argument.asText()));
        for (int i = 0; i < arguments.size() - 2; i += 2) {
            assertThat(known()).contains(arguments.get(i).substring(2));
        }
        assertThat(arguments.get(arguments.size() - 2)).isEqualTo("--config");
        assertThat(spec.path("job").path("upgradeMode").asText()).isEqualTo("savepoint");
    }

    private static Set<String> known() {
        return JobOptions.OPTIONS.stream().map(Option::key).collect(Collectors.toSet());
    }

    private static Map<String, String> properties() throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(PROJECT.resolve("conf/weir.properties"))) {
            read.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key)));
        return settings;
    }

    private static String property(String pom, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</").matcher(pom);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private Map<String, Object> service(String name) {
        Map<String, Object> service = services.get(name);
        assertThat(service).as(name).isNotNull();
        return service == null ? Map.of() : service;
    }

    private static List<String> command(Map<String, Object> service) {
        return texts(service.get("command"));
    }

    private static String option(Map<String, Object> service, String name) {
        List<String> command = command(service);
        return command.get(command.indexOf(name) + 1);
    }

    private String environment(String service, String name) {
        return String.valueOf(map(service(service).get("environment")).get(name));
    }

    /** Folders, files and volumes that are mounted. */
    private static List<String> sources(Map<String, Object> service) {
        List<String> sources = new ArrayList<>();
        for (Object mount : list(service.get("volumes"))) {
            sources.add(
                    mount instanceof String text
                            ? text.split(":", -1)[0]
                            : String.valueOf(map(mount).get("source")));
        }
        return sources;
    }

    private Stream<DynamicTest> each(Check check) {
        return services.entrySet().stream()
                .map(
                        entry ->
                                DynamicTest.dynamicTest(
                                        entry.getKey(),
                                        () -> check.of(entry.getKey(), entry.getValue())));
    }

    private static Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new TreeMap<>();
        try {
            map(file().get("services"))
                    .forEach((name, service) -> services.put(name, map(service)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return services;
    }

    /** Jackson does not know the merge key of YAML. */
    private static Map<String, Object> file() throws IOException {
        try (InputStream in = Files.newInputStream(PROJECT.resolve("docker-compose.yml"))) {
            return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(in));
        }
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, entry) -> map.put(String.valueOf(key), entry));
        }
        return map;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> entries ? entries : List.of();
    }

    private static List<String> texts(@Nullable Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }

    /** A check of one service. */
    private interface Check {
        void of(String name, Map<String, Object> service) throws Exception;
    }
}
