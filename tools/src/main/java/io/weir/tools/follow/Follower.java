package io.weir.tools.follow;

import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.accesslog.LogFindings;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.Pace;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the lines of logs as they are written, each once, whatever rotation does with the logs, and
 * also if this is killed and started again.
 *
 * <p>Lines are sent in batches. Before each, the position before and after it is written to the
 * position file; Kafka takes the batch and its id, or neither. So at the next start the file and
 * the id say together what was sent. Of several logs, the line with the smallest time is first, as
 * far as lines are there.
 */
public final class Follower implements Closeable {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration SAVE = Duration.ofSeconds(1);
    private static final int MAX_RECORDS = 10_000;
    private static final long MAX_BYTES = 8L << 20;

    private final PositionFile file;
    private final Delivery delivery;
    private final LiveRecords records;
    private final List<FollowedLog> logs;
    private final FollowProgress progress;
    private final FollowNews news;
    private final Pace pace;
    private final InstantSource clock;
    private SavedPosition saved;
    private boolean isSaved = true;
    private long savedNanos = System.nanoTime();
    private long paced;

    Follower(
            PositionFile file,
            SavedPosition saved,
            Delivery delivery,
            LiveRecords records,
            List<FollowedLog> logs,
            FollowProgress progress,
            @Nullable Double recordsPerSecond,
            InstantSource clock) {
        this.file = file;
        this.saved = saved;
        this.delivery = delivery;
        this.records = records;
        this.logs = List.copyOf(logs);
        this.progress = progress;
        this.news = new FollowNews(records, progress::say);
        this.pace = new Pace(recordsPerSecond);
        this.clock = clock;
    }

    /**
     * Follows the logs until it is to stop, and saves the position.
     *
     * @return whether all that was read has been sent, which it has unless Kafka did not answer
     * @throws io.weir.tools.connect.CommandException when Kafka refuses a line
     * @throws IOException when a log cannot be read, or the position not be written
     */
    public boolean run(BooleanSupplier isStopping) throws IOException, InterruptedException {
        while (!isStopping.getAsBoolean()) {
            for (FollowedLog log : logs) {
                log.look();
            }
            Batch batch = read();
            news.tell(logs);
            if (!batch.records().isEmpty() && !send(batch, isStopping)) {
                return false;
            }
            if (batch.records().isEmpty()) {
                isSaved &= batch.after().equals(saved.position());
                saved = saved.at(batch.after());
            }
            saveNowAndThen();
            progress.show(records, unread(), clock.instant());
            if (first() == null) {
                Thread.sleep(LOOK.toMillis());
            }
        }
        save();
        return true;
    }

    /** The lines that are there, as many as a batch has at most. */
    private Batch read() throws IOException, InterruptedException {
        List<OutgoingRecord> batch = new ArrayList<>();
        long bytes = 0;
        long end = System.nanoTime() + SAVE.toNanos();
        FollowedLog next = first();
        while (next != null) {
            pace.await(paced++);
            OutgoingRecord record = next.take();
            batch.add(record);
            bytes += record.value().length;
            boolean isFull =
                    batch.size() == MAX_RECORDS || bytes >= MAX_BYTES || System.nanoTime() > end;
            next = isFull ? null : first();
        }
        Map<String, LogPosition> positions = new LinkedHashMap<>();
        for (FollowedLog log : logs) {
            positions.put(log.path().toString(), log.position());
        }
        Position before = saved.position();
        return new Batch(
                batch,
                batch.isEmpty()
                        ? before.and(positions)
                        : before.afterBatch(batch.size(), records.largestMillis(), positions));
    }

    private @Nullable FollowedLog first() throws IOException {
        FollowedLog first = null;
        FollowedPart.Line smallest = null;
        for (FollowedLog log : logs) {
            FollowedPart.Line head = log.head();
            if (head != null && (smallest == null || head.time().isBefore(smallest.time()))) {
                first = log;
                smallest = head;
            }
        }
        return first;
    }

    private boolean send(Batch batch, BooleanSupplier isStopping)
            throws IOException, InterruptedException {
        saved = saved.before(batch.after(), List.copyOf(records.domains().keySet()));
        save();
        if (!delivery.send(batch, isStopping)) {
            return false;
        }
        saved = saved.at(batch.after());
        isSaved = false;
        progress.add(batch.records().size());
        return true;
    }

    private void saveNowAndThen() throws IOException {
        if (!isSaved && System.nanoTime() - savedNanos > SAVE.toNanos()) {
            save();
        }
    }

    private void save() throws IOException {
        file.write(saved);
        isSaved = true;
        savedNanos = System.nanoTime();
    }

    private long unread() throws IOException {
        long unread = 0;
        for (FollowedLog log : logs) {
            unread += log.unread();
        }
        return unread;
    }

    /** How many records were sent since the start. */
    public long sent() {
        return progress.sent();
    }

    /** What the lines were. */
    public LogFindings findings() {
        return records.findings();
    }

    @Override
    public void close() throws IOException {
        delivery.close();
        for (FollowedLog log : logs) {
            log.close();
        }
        records.close();
        file.close();
    }
}
