package io.weir.config;

import io.weir.request.HashKey;
import io.weir.store.StoreOptions;
import io.weir.store.StorePassword;
import io.weir.store.StoreTables;
import io.weir.traffic.Grain;
import io.weir.window.ProvisionalIntervals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/** Everything that can be set on the job; what Flink itself configures stays Flink's. */
public record JobOptions(
        KafkaOptions kafka,
        EventTimeOptions eventTime,
        DeduplicateOptions deduplicate,
        Duration combineInterval,
        int combineMaxKeys,
        ProvisionalIntervals provisional,
        boolean hideAddresses,
        @Nullable Path countryDatabase,
        StoreOptions store) {

    /** Environment variable that holds the store's password. */
    public static final String PASSWORD_VARIABLE = "WEIR_STORE_PASSWORD";

    private static final String OFF = "off";

    /** Every option below, so that none can be forgotten. */
    private static final List<Option<?>> DECLARED = new ArrayList<>();

    private static final Option<String> BOOTSTRAP_SERVERS =
            text("kafka.bootstrap-servers", null, "Kafka brokers, `host:port,...`");
    private static final Option<String> TOPIC =
            text(
                    "kafka.topic",
                    "http_requests",
                    "topic of the requests; `TOPIC.rejected` and `TOPIC.late` must exist too");
    private static final Option<String> GROUP_ID =
            text(
                    "kafka.group-id",
                    "weir",
                    "consumer group that shows the job's progress; the job itself restores its"
                            + " offsets from its checkpoints");
    private static final Option<StartFrom> START_FROM =
            option(
                    "kafka.start-from",
                    "position",
                    "day",
                    "where to begin without state: `day` (the current UTC day), `committed`,"
                            + " `earliest`, `latest` or the instant from which every request counts",
                    StartFrom::parse);
    private static final Option<Path> CLIENT_PROPERTIES =
            option(
                    "kafka.client-properties",
                    "file",
                    "",
                    "Kafka client properties for TLS and SASL, at the same place on the JobManager"
                            + " and each TaskManager",
                    JobOptions::file);
    private static final Option<Duration> OUT_OF_ORDERNESS =
            duration(
                    "event-time.out-of-orderness",
                    "10 s",
                    "how far requests of one partition may be out of order");
    private static final Option<Duration> ALLOWED_LATENESS =
            duration(
                    "event-time.allowed-lateness",
                    "10 min",
                    "how long after its end a minute still takes requests; later ones go to"
                            + " `TOPIC.late`");
    private static final Option<Limit> IDLENESS =
            limit(
                    "event-time.idleness",
                    "5 min",
                    "a partition that is read to its end, and had no valid request for this long, no"
                            + " longer holds up event time; `off`: it always does");
    private static final Option<Limit> ALIGNMENT_DRIFT =
            limit(
                    "event-time.alignment-drift",
                    "30 min",
                    "how far one partition may be read ahead of the others; longer than idleness;"
                            + " `off`: any distance");
    private static final Option<Duration> MAX_AHEAD =
            duration(
                    "event-time.max-ahead",
                    "5 min",
                    "a request dated further ahead of its record's timestamp is rejected");
    private static final Option<Limit> MAX_AGE =
            limit(
                    "event-time.max-age",
                    "7 d",
                    "a request dated further before its record's timestamp is rejected; `off`: none"
                            + " is");
    private static final Option<Boolean> ARRIVAL_CLOCK =
            option(
                    "event-time.arrival-clock",
                    "true or false",
                    "true",
                    "whether record timestamps move a partition's clock as event times do",
                    JobOptions::trueOrFalse);
    private static final Option<DeduplicateOptions.By> DEDUPLICATE =
            option(
                    "deduplicate",
                    "none, letter or request-id",
                    "none",
                    "what copies of a request have in common, of which one is counted: their"
                            + " `request_id` (of records of a `TOPIC.late` that have none, the"
                            + " record that was late), or only the record that was late",
                    DeduplicateOptions.By::parse);
    private static final Option<Duration> DEDUPLICATE_KEEP =
            duration(
                    "deduplicate.keep",
                    "1 h",
                    "how long after its minute's end a counted request is known, at most 100 d; a"
                            + " copy that comes later is taken for an original that is late");
    private static final Option<Path> DEDUPLICATE_HASH_KEY_FILE =
            option(
                    "deduplicate.hash-key-file",
                    "file",
                    "",
                    "file with 32 hex digits, at the same place on each TaskManager, the secret of"
                            + " the hash that is kept of a `request_id`",
                    JobOptions::file);
    private static final Option<Duration> COMBINE_INTERVAL =
            duration(
                    "combine.interval",
                    "1 s",
                    "how long requests are added up before they cross the network");
    private static final Option<Integer> COMBINE_MAX_KEYS =
            count(
                    "combine.max-keys",
                    "50000",
                    "how many sites and minutes a subtask adds up at once");
    private static final Map<Grain, Option<Duration>> PROVISIONAL = provisionalOptions();
    private static final Option<Boolean> HIDE_ADDRESSES =
            option(
                    "letters.hide-addresses",
                    "true or false",
                    "false",
                    "whether client addresses are taken out of what goes to `TOPIC.rejected` and"
                            + " `TOPIC.late`; see below for what is left",
                    JobOptions::trueOrFalse);
    private static final Option<Path> COUNTRY_DATABASE =
            option(
                    "country.database",
                    "file",
                    "",
                    "database of addresses in MaxMind's format (`.mmdb`), at the same place on each"
                            + " TaskManager: the country of a request without `request_country` is"
                            + " that of its `ip_address`",
                    JobOptions::file);
    private static final Option<String> STORE_URL =
            text(
                    "store.url",
                    null,
                    "JDBC address, `jdbc:postgresql://host:5432/database?sslmode=verify-full`");
    private static final Option<String> STORE_USER =
            text("store.user", null, "role that writes the rows");
    private static final Option<Path> STORE_PASSWORD_FILE =
            option(
                    "store.password-file",
                    "file",
                    "",
                    "file that holds the password, at the same place on each TaskManager; without"
                            + " it the environment variable `"
                            + PASSWORD_VARIABLE
                            + "` of each TaskManager is taken",
                    JobOptions::file);
    private static final Option<String> STORE_SCHEMA =
            text("store.schema", "weir", "schema of the tables");
    private static final Option<StoreTables> STORE_TABLES =
            option(
                    "store.tables",
                    "main or late",
                    "main",
                    "tables of traffic that are written: `main`, or `late` by a job that counts the"
                            + " requests of a `TOPIC.late`; such a job holds no elections",
                    StoreTables::parse);
    private static final Option<Integer> STORE_BATCH_ROWS =
            count("store.batch-rows", "5000", "rows in one statement");
    private static final Option<Duration> STORE_BATCH_INTERVAL =
            duration("store.batch-interval", "1 s", "how long rows wait for a fuller batch");
    private static final Option<Duration> STORE_RETRY_LIMIT =
            duration(
                    "store.retry-limit",
                    "60 s",
                    "how long an unreachable store is tried before the job restarts");

    /** All options, in the order in which they are documented. */
    public static final List<Option<?>> OPTIONS = List.copyOf(DECLARED);

    /**
     * Reads the options, but not the store's password: whoever connects does.
     *
     * @throws IllegalArgumentException naming all keys that are unknown, missing or wrong
     */
    public static JobOptions of(Map<String, String> values) {
        Settings settings = Settings.check(values, OPTIONS);
        EventTimeOptions eventTime = eventTime(settings);
        DeduplicateOptions deduplicate = deduplicate(settings);
        deduplicate.check(eventTime.settle());
        return new JobOptions(
                kafka(settings),
                eventTime,
                deduplicate,
                settings.get(COMBINE_INTERVAL),
                settings.get(COMBINE_MAX_KEYS),
                ProvisionalIntervals.of(
                        grain -> settings.get(Objects.requireNonNull(PROVISIONAL.get(grain)))),
                settings.get(HIDE_ADDRESSES),
                settings.find(COUNTRY_DATABASE),
                store(settings));
    }

    private static KafkaOptions kafka(Settings settings) {
        return new KafkaOptions(
                settings.get(BOOTSTRAP_SERVERS),
                settings.get(TOPIC),
                settings.get(GROUP_ID),
                settings.get(START_FROM),
                settings.find(CLIENT_PROPERTIES));
    }

    private static EventTimeOptions eventTime(Settings settings) {
        return new EventTimeOptions(
                settings.get(OUT_OF_ORDERNESS),
                settings.get(ALLOWED_LATENESS),
                settings.get(IDLENESS).duration(),
                settings.get(ALIGNMENT_DRIFT).duration(),
                settings.get(MAX_AHEAD),
                settings.get(MAX_AGE).duration(),
                settings.get(ARRIVAL_CLOCK));
    }

    private static DeduplicateOptions deduplicate(Settings settings) {
        Path keyFile = settings.find(DEDUPLICATE_HASH_KEY_FILE);
        return DeduplicateOptions.of(
                settings.get(DEDUPLICATE),
                settings.get(DEDUPLICATE_KEEP),
                keyFile == null ? null : HashKey.inFile(keyFile));
    }

    private static StoreOptions store(Settings settings) {
        Path passwordFile = settings.find(STORE_PASSWORD_FILE);
        return new StoreOptions(
                settings.get(STORE_URL),
                settings.get(STORE_USER),
                passwordFile == null
                        ? StorePassword.inEnvironment(PASSWORD_VARIABLE)
                        : StorePassword.inFile(passwordFile),
                settings.get(STORE_SCHEMA),
                settings.get(STORE_TABLES),
                settings.get(STORE_BATCH_ROWS),
                settings.get(STORE_BATCH_INTERVAL),
                settings.get(STORE_RETRY_LIMIT));
    }

    private static <T> Option<T> option(
            String key,
            String type,
            @Nullable String defaultText,
            String description,
            Function<String, T> parser) {
        Option<T> option = new Option<>(key, type, defaultText, description, parser);
        DECLARED.add(option);
        return option;
    }

    private static Map<Grain, Option<Duration>> provisionalOptions() {
        Map<Grain, Option<Duration>> options = new EnumMap<>(Grain.class);
        for (Grain grain : Grain.values()) {
            options.put(
                    grain,
                    duration(
                            "provisional." + grain.unit(),
                            TimeUtils.formatWithHighestUnit(grain.provisionalInterval()),
                            "how often a changed " + grain.unit() + " row is written"));
        }
        return options;
    }

    private static Option<String> text(
            String key, @Nullable String defaultText, String description) {
        return option(key, "text", defaultText, description, Function.identity());
    }

    private static Option<Duration> duration(String key, String defaultText, String description) {
        return option(key, "duration", defaultText, description, TimeUtils::parseDuration);
    }

    private static Option<Limit> limit(String key, String defaultText, String description) {
        return option(key, "duration or off", defaultText, description, Limit::parse);
    }

    private static Option<Integer> count(String key, String defaultText, String description) {
        return option(key, "count", defaultText, description, JobOptions::atLeastOne);
    }

    private static int atLeastOne(String text) {
        int value = Integer.parseInt(text);
        if (value < 1) {
            throw new IllegalArgumentException("use 1 or more");
        }
        return value;
    }

    private static boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("use true or false");
        };
    }

    private static Path file(String text) {
        Path file = Path.of(text);
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("there is no such file that can be read");
        }
        return file;
    }

    private record Limit(@Nullable Duration duration) {
        static Limit parse(String text) {
            return new Limit(text.equals(OFF) ? null : TimeUtils.parseDuration(text));
        }
    }
}
