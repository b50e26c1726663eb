package io.weir.tools.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own, which can be killed. */
@SuppressWarnings("NullAway.Init")
class FollowIT {

    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern NUMBER = Pattern.compile("\"url\":\"/(\\d+)\"");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Path folder;
    private Path log;
    private Path kafkaFolder;
    private EmbeddedKafka kafka;
    private @Nullable Process follower;
    private volatile boolean isWriting = true;
    private final AtomicLong written = new AtomicLong();
    private int runs;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        folder = directory;
        log = Files.createDirectory(directory.resolve("logs")).resolve("access.log");
        kafkaFolder = directory.resolve("kafka");
        kafka = EmbeddedKafka.start(kafkaFolder);
        createTopic();
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic("live", PARTITIONS, (short) 1))).all().get();
        }
    }

    @AfterEach
    void stop() {
        if (follower != null) {
            follower.destroyForcibly();
        }
        kafka.close();
    }

    @Test
    void sendsEachLineOnceThoughItIsKilledWhileALogIsWrittenAndRotated() throws Exception {
        write(1);
        follow();
        await().atMost(LIMIT).until(() -> committed().size() == 1);
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = writer.submit(this::writeAndRotate);
            Random random = new Random(15);
            for (int i = 0; i < 3; i++) {
                long before = committed().size();
                await().atMost(LIMIT).until(() -> committed().size() > before);
                LockSupport.parkNanos(random.nextInt(1_500_000_000));
                running().destroyForcibly().waitFor(); // SIGKILL
                follow();
            }
            isWriting = false;
            writing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            await().atMost(LIMIT).until(() -> committed().size() >= written.get());
            assertThat(end()).isZero();
        } finally {
            writer.shutdownNow();
        }
        List<Long> numbers = numbers();
        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, written.get()).boxed().toList());
        assertThat(written.get()).isGreaterThan(2_000);
    }

    /** Some 300 lines a second, a rotation every two or three seconds. */
    private boolean writeAndRotate() throws IOException {
        for (int round = 1; isWriting; round++) {
            for (int i = 0; i < 20; i++) {
                write(4);
                LockSupport.parkNanos(10_000_000);
            }
            if (round % 10 == 0) {
                rotate();
            }
        }
        return true;
    }

    /** As logrotate does with delaycompress. It keeps all, since starting can take long. */
    private void rotate() throws IOException {
        int oldest = 2;
        while (Files.exists(log.resolveSibling("access.log." + oldest + ".gz"))) {
            oldest++;
        }
        for (int number = oldest; number > 2; number--) {
            Files.move(
                    log.resolveSibling("access.log." + (number - 1) + ".gz"),
                    log.resolveSibling("access.log." + number + ".gz"));
        }
        Path first = log.resolveSibling("access.log.1");
        if (Files.exists(first)) {
            pack(Files.move(first, log.resolveSibling("access.log.2")));
        }
        Files.move(log, first);
    }

    private static void pack(Path file) throws IOException {
        try {
            assertThat(new ProcessBuilder("gzip", file.toString()).start().waitFor()).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void endsUponSigtermAndGoesOnFromThere() throws Exception {
        write(10);
        follow();
        await().atMost(LIMIT).until(() -> committed().size() == 10);
        assertThat(end()).isZero();
        assertThat(printed())
                .contains(
                        "position: " + folder.resolve("position.json"),
                        "reading " + log + " from its beginning; it is site 1",
                        log + " is read as common",
                        log + ": response times: read of 0 of ",
                        "sent 10 records to live");
        write(5);
        Files.writeString(log, "no request\n", StandardOpenOption.APPEND);
        follow();
        await().atMost(LIMIT).until(() -> committed().size() == 16);
        assertThat(end()).isZero();
        assertThat(printed())
                .contains(
                        "reading " + log + " on after byte ",
                        " (line 10), the saved position; it is site 1",
                        log + ": response times: read of 0 of ",
                        "rejected, the first for this reason: no bracketed time",
                        "line 16 of access.log: no request",
                        "sent 6 records to live",
                        "1 of them is not a request; the job rejects it:");
    }

    @Test
    void goesOnWhenKafkaIsThereAgain() throws Exception {
        Path impatient = folder.resolve("client.properties");
        Files.writeString(
                impatient,
                "delivery.timeout.ms=4000\nrequest.timeout.ms=2000\nmax.block.ms=4000\n");
        write(10);
        follow("--client-properties", impatient.toString());
        await().atMost(LIMIT).until(() -> committed().size() == 10);
        int port = kafka.port();
        kafka.close();
        write(2_000);
        await().atMost(LIMIT).until(() -> printed().contains("Trying again"));
        rotate();
        write(100);
        kafka = EmbeddedKafka.start(kafkaFolder, port);
        await().atMost(LIMIT).until(() -> committed().size() >= 2_110);
        assertThat(end()).isZero();
        assertThat(numbers())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, written.get()).boxed().toList());
        assertThat(printed()).contains("Kafka answers again");
    }

    @Test
    void refusesASecondFollowerAndAPositionOfSomethingElse() throws Exception {
        write(1);
        follow();
        await().atMost(LIMIT).until(() -> committed().size() == 1);
        Process first = running();
        follow();
        assertThat(running().waitFor()).isEqualTo(1);
        assertThat(printed()).contains("another replay-log --follow uses the position");
        follower = first;
        assertThat(end()).isZero();

        follow("--site-id", "7");
        assertThat(running().waitFor()).isEqualTo(2);
        assertThat(printed())
                .contains("access.log was site 1, and now it would be site 7", "--position");
        Files.writeString(folder.resolve("position.json"), "{\"version\":1}");
        follow();
        assertThat(running().waitFor()).isEqualTo(1);
        assertThat(printed()).contains("cannot read the position", "damaged");
    }

    /** Or both would take the other's batches for their own. */
    @Test
    void aFollowerWithACopyOfThePositionEndsTheFirst() throws Exception {
        write(5);
        follow();
        await().atMost(LIMIT).until(() -> committed().size() == 5);
        Process first = running();
        Path position = folder.resolve("position.json");
        Files.copy(position, folder.resolve("copy.json"));
        follow("--position", folder.resolve("copy.json").toString());
        Process second = running();
        await().atMost(LIMIT)
                .until(
                        () -> {
                            write(1);
                            return !first.isAlive();
                        });

        assertThat(first.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("printed1")))
                .contains("Kafka shut this follower out: another one began with the same position");
        List<Long> all = LongStream.rangeClosed(1, written.get()).boxed().toList();
        await().atMost(LIMIT).until(() -> numbers().containsAll(all));
        assertThat(second.isAlive()).isTrue();
        assertThat(end()).isZero();
        assertThat(Set.copyOf(numbers())).isEqualTo(Set.copyOf(all));
        if (numbers().size() > all.size()) { // of what the first had sent since the copy was made
            assertThat(printed()).contains("lines that were sent since may be sent twice");
        }
    }

    private void write(int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(
                    "198.51.100.7 - - [%s] \"GET /%d HTTP/1.1\" 200 5%n"
                            .formatted(TIME.format(Instant.now()), written.get() + i + 1));
        }
        Files.writeString(log, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        written.addAndGet(lines);
    }

    private void follow(String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Weir.class.getName(),
                                "replay-log",
                                "--follow",
                                log.toString(),
                                "--bootstrap-servers",
                                kafka.bootstrapServers(),
                                "--topic",
                                "live"));
        if (!List.of(more).contains("--position")) {
            command.addAll(List.of("--position", folder.resolve("position.json").toString()));
        }
        command.addAll(List.of(more));
        follower =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("printed" + ++runs).toFile())
                        .start();
    }

    private Process running() {
        if (follower == null) {
            throw new IllegalStateException("nothing was started");
        }
        return follower;
    }

    /** Sends SIGTERM. */
    private int end() throws InterruptedException {
        running().destroy();
        return running().waitFor();
    }

    /** By the last one that was started. */
    private String printed() throws IOException {
        return Files.readString(folder.resolve("printed" + runs));
    }

    private static long numberOf(String value) {
        Matcher number = NUMBER.matcher(value);
        return number.find() ? Long.parseLong(number.group(1)) : -1;
    }

    /** Of the lines in the topic, as a job reads them. */
    private List<Long> numbers() {
        return committed().stream().map(FollowIT::numberOf).toList();
    }

    /** The values in the topic, as a job reads them. */
    private List<String> committed() {
        List<String> values = new ArrayList<>();
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition("live", partition));
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(200))) {
                    values.add(new String(found.value(), UTF_8));
                }
            }
        }
        return values;
    }

    private Map<String, Object> client() {
        return Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    }
}
