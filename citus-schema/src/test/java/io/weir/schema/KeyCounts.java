package io.weir.schema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What there truly was of each key in each hour, drawn at random, and rows made of it as a job
 * could write them: with all keys, or with some of them and with less than the truth.
 */
final class KeyCounts {

    static final Instant FROM = Instant.parse("2026-10-01T00:00:00Z");
    static final int DAYS = 3;
    static final int SITES = 3;

    private static final int KEYS = 25;

    /** A key; either half is null where requests have no such field. */
    record Key(@Nullable String first, @Nullable String second) {}

    /** Of the requests of a key, or of all. */
    record Counts(long requests, long errors, long bytes, long timed, long usec) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    requests + other.requests,
                    errors + other.errors,
                    bytes + other.bytes,
                    timed + other.timed,
                    usec + other.usec);
        }

        /** Of a part of these requests. */
        Counts without(long missed) {
            return new Counts(
                    requests - missed,
                    Math.max(0, errors - missed),
                    Math.max(0, bytes - missed),
                    Math.max(0, timed - missed),
                    Math.max(0, usec - missed));
        }
    }

    /** A listed key of a row. */
    private record Entry(Key key, Counts counts, long missed) {}

    private static final Comparator<Key> BY_NAME =
            Comparator.comparing(Key::first, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(Key::second, Comparator.nullsLast(Comparator.naturalOrder()));

    private final Random random = new Random(20261001);
    private final boolean hasTwoDimensions;
    private final Map<Integer, Map<Instant, Map<Key, Counts>>> truth = new TreeMap<>();

    KeyCounts(boolean hasTwoDimensions) {
        this.hasTwoDimensions = hasTwoDimensions;
        for (int site = 1; site <= SITES; site++) {
            Map<Instant, Map<Key, Counts>> hours = new TreeMap<>();
            for (int hour = 0; hour < 24 * DAYS; hour++) {
                if (random.nextInt(8) > 0) {
                    hours.put(FROM.plus(Duration.ofHours(hour)), hour());
                }
            }
            truth.put(site, hours);
        }
    }

    private Map<Key, Counts> hour() {
        Map<Key, Counts> keys = new TreeMap<>(BY_NAME);
        for (int i = 0; i < KEYS; i++) {
            if (random.nextBoolean()) {
                long requests = 1 + random.nextLong(1 + 400 / (i + 1));
                long timed = random.nextLong(requests + 1);
                keys.put(
                        key(i),
                        new Counts(
                                requests,
                                random.nextLong(requests + 1),
                                random.nextInt(100_000),
                                timed,
                                timed == 0 ? 0 : random.nextInt(1_000_000)));
            }
        }
        return keys;
    }

    private Key key(int i) {
        String second = hasTwoDimensions && i % 3 > 0 ? "b" + i % 3 : null;
        return new Key(i == 4 ? null : "/" + (hasTwoDimensions ? i / 3 : i), second);
    }

    /** What there was of each key. */
    Map<Key, Counts> of(@Nullable Integer site, Instant since, Instant until) {
        Map<Key, Counts> sums = new TreeMap<>(BY_NAME);
        truth.forEach(
                (number, hours) -> {
                    if (site == null || site.equals(number)) {
                        hours.forEach(
                                (hour, keys) -> {
                                    if (!hour.isBefore(since) && hour.isBefore(until)) {
                                        keys.forEach(
                                                (key, counts) ->
                                                        sums.merge(key, counts, Counts::plus));
                                    }
                                });
                    }
                });
        return sums;
    }

    /** The keys with the most requests first. */
    static List<Key> ranked(Map<Key, Counts> keys) {
        return keys.entrySet().stream()
                .sorted(
                        Comparator.<Map.Entry<Key, Counts>>comparingLong(
                                        entry -> -entry.getValue().requests())
                                .thenComparing(Map.Entry::getKey, BY_NAME))
                .map(Map.Entry::getKey)
                .toList();
    }

    static Counts total(Map<Key, Counts> keys) {
        return keys.values().stream().reduce(Counts.NONE, Counts::plus);
    }

    /** Writes the rows of hours and days. */
    void store(Connection connection, int view, boolean isCut) throws SQLException {
        for (Map.Entry<Integer, Map<Instant, Map<Key, Counts>>> site : truth.entrySet()) {
            for (Map.Entry<Instant, Map<Key, Counts>> hour : site.getValue().entrySet()) {
                insert(
                        connection,
                        "1hour",
                        site.getKey(),
                        view,
                        hour.getKey(),
                        hour.getValue(),
                        isCut);
            }
            for (int i = 0; i < DAYS; i++) {
                Instant day = FROM.plus(Duration.ofDays(i));
                Map<Key, Counts> keys = of(site.getKey(), day, day.plus(Duration.ofDays(1)));
                insert(connection, "1day", site.getKey(), view, day, keys, isCut);
            }
        }
    }

    private void insert(
            Connection connection,
            String grain,
            int site,
            int view,
            Instant bucket,
            Map<Key, Counts> keys,
            boolean isCut)
            throws SQLException {
        boolean isExact = !isCut || random.nextInt(3) == 0;
        List<Key> ranked = ranked(keys);
        int listed = isCut ? Math.min(ranked.size(), 3 + random.nextInt(8)) : ranked.size();
        List<Entry> entries = new ArrayList<>();
        for (Key key : ranked.subList(0, listed)) {
            Counts counts = Objects.requireNonNull(keys.get(key));
            long unseen = isExact ? 0 : random.nextLong(1 + counts.requests() / 4);
            long missed = isExact ? 0 : unseen + random.nextInt(3);
            entries.add(new Entry(key, counts.without(unseen), missed));
        }
        entries.sort(Comparator.comparingLong(entry -> -entry.counts().requests()));
        long unlistedMax = listed == ranked.size() ? 0 : most(keys, ranked.get(listed));
        Counts total = total(keys);
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "insert into weir.breakdown_%s values (?, ?, ?::timestamptz, ?, ?, ?, ?, ?, '\\x118b40', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, true, true, now())"
                                .formatted(grain))) {
            Object[] values = {
                site,
                view,
                bucket.toString(),
                total.requests(),
                total.errors(),
                total.bytes(),
                total.timed(),
                total.usec(),
                isExact,
                unlistedMax,
                texts(connection, entries.stream().map(entry -> entry.key().first()).toArray()),
                hasTwoDimensions
                        ? texts(
                                connection,
                                entries.stream().map(entry -> entry.key().second()).toArray())
                        : texts(connection),
                numbers(connection, entries, entry -> entry.counts().requests()),
                isExact
                        ? numbers(connection, List.of(), Entry::missed)
                        : numbers(connection, entries, Entry::missed),
                numbers(connection, entries, entry -> entry.counts().errors()),
                numbers(connection, entries, entry -> entry.counts().bytes()),
                numbers(connection, entries, entry -> entry.counts().timed()),
                numbers(connection, entries, entry -> entry.counts().usec())
            };
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static long most(Map<Key, Counts> keys, Key unlisted) {
        return Objects.requireNonNull(keys.get(unlisted)).requests();
    }

    private static Array texts(Connection connection, @Nullable Object... texts)
            throws SQLException {
        return connection.createArrayOf("text", Arrays.copyOf(texts, texts.length));
    }

    private static Array numbers(
            Connection connection, List<Entry> entries, ToLongFunction<Entry> number)
            throws SQLException {
        return connection.createArrayOf(
                "bigint", entries.stream().map(number::applyAsLong).toArray(Long[]::new));
    }
}
