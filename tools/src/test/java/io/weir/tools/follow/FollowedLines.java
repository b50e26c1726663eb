package io.weir.tools.follow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.send.OutgoingRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A log as it is followed, without Kafka: what was taken counts as sent. */
final class FollowedLines implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private static final Pattern NUMBER = Pattern.compile("\"url\":\"/(\\d+)\"");

    private final Path path;
    private final LiveRecords records;
    private FollowedLog log;
    private Instant now = START;

    final List<OutgoingRecord> taken = new ArrayList<>();
    final List<String> said = new ArrayList<>();

    FollowedLines(Path path) throws IOException {
        this(path, LineRules.DEFAULT);
    }

    FollowedLines(Path path, LineRules rules) throws IOException {
        this.path = path;
        this.records = LiveRecords.of(rules, 1, List.of(), 0, () -> now);
        this.log = open();
    }

    private FollowedLog open() {
        return new FollowedLog(path, "access.log", 1, records, () -> now, said::add);
    }

    /** Looks once, and takes all that is there. */
    FollowedLines look() throws IOException {
        return look(Integer.MAX_VALUE);
    }

    /** Looks once, and takes at most as many lines. */
    FollowedLines look(int most) throws IOException {
        log.look();
        for (int i = 0; i < most && log.head() != null; i++) {
            taken.add(log.take());
        }
        return this;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Ends and goes on at the same position. */
    FollowedLines restart() throws IOException {
        return restart(Instant.MAX);
    }

    FollowedLines restart(Instant savedAt) throws IOException {
        LogPosition position = log.position();
        log.close();
        log = open();
        log.resume(position.parts(), savedAt);
        return this;
    }

    LiveRecords records() {
        return records;
    }

    FollowedLog log() {
        return log;
    }

    /** Which of the numbered lines were sent, in their order. */
    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        for (OutgoingRecord record : taken) {
            Matcher number = NUMBER.matcher(new String(record.value(), UTF_8));
            numbers.add(number.find() ? Long.parseLong(number.group(1)) : -1);
        }
        return numbers;
    }

    @Override
    public void close() throws IOException {
        log.close();
        records.close();
    }
}
