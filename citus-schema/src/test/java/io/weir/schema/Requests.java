package io.weir.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests kept one by one, to know independently what the store must answer of their rows. */
record Requests(List<Request> all) {

    static final int SITES = 3;

    /** Few enough that the estimate, rounded, is exact. */
    private static final int VISITORS = 30;

    private static final double G = 1.025 / 0.975;

    /**
     * Days around the changes of the clock in Europe and on Lord Howe Island. In their order, or
     * each run would draw other requests.
     */
    private static final SortedMap<String, Integer> DAYS =
            new TreeMap<>(
                    Map.of("2024-03-29", 4, "2024-04-06", 2, "2024-10-05", 2, "2024-10-25", 4));

    /** Just before and at midnight, or its hour, of the zones tested. */
    private static final List<String> EDGES =
            List.of(
                    "00:00",
                    "03:00",
                    "12:59:59.999",
                    "13:00",
                    "13:30",
                    "18:00",
                    "18:14:59.999",
                    "18:15",
                    "18:29:59.999",
                    "18:30",
                    "18:45",
                    "21:59:59.999",
                    "22:00",
                    "22:59:59.999",
                    "23:00",
                    "23:59:59.999");

    record Request(
            int site, Instant at, int visitor, String country, int status, @Nullable Long micros) {

        /** So that some buckets have both parts, and others only one. */
        boolean isLate() {
            return visitor % 5 == 0;
        }
    }

    static Requests make() {
        Random random = new Random(7);
        List<Request> all = new ArrayList<>();
        DAYS.forEach(
                (first, days) -> {
                    for (int day = 0; day < days; day++) {
                        Instant start =
                                Instant.parse(first + "T00:00:00Z").plus(Duration.ofDays(day));
                        for (int site = 1; site <= SITES; site++) {
                            for (String edge : EDGES) {
                                long nanos = LocalTime.parse(edge).toNanoOfDay();
                                all.add(request(random, site, start.plusNanos(nanos)));
                            }
                            for (int i = 0; i < 150; i++) {
                                all.add(
                                        request(
                                                random,
                                                site,
                                                start.plusMillis(random.nextInt(86_400_000))));
                            }
                        }
                    }
                });
        return new Requests(all);
    }

    private static Request request(Random random, int site, Instant at) {
        return new Request(
                site,
                at,
                random.nextInt(VISITORS),
                List.of("BR", "DE", "IN", "US").get(random.nextInt(4)),
                random.nextInt(10) == 0 ? 503 : 200,
                random.nextInt(8) == 0 ? null : (long) Math.exp(6 + 8 * random.nextDouble()));
    }

    /** Those of a site, or of all, that began within a range. */
    Requests of(@Nullable Integer site, Instant since, Instant until) {
        return where(
                r ->
                        (site == null || r.site() == site)
                                && !r.at().isBefore(since)
                                && r.at().isBefore(until));
    }

    Requests where(Predicate<Request> predicate) {
        return new Requests(all.stream().filter(predicate).toList());
    }

    long count() {
        return all.size();
    }

    long visitors() {
        return all.stream().map(Request::visitor).distinct().count();
    }

    long errors() {
        return all.stream().filter(r -> r.status() == 503).count();
    }

    TreeMap<String, Long> by(Function<Request, Object> key) {
        return all.stream()
                .collect(
                        Collectors.groupingBy(
                                r -> key.apply(r).toString(), TreeMap::new, Collectors.counting()));
    }

    List<Long> times() {
        return all.stream().map(Request::micros).filter(micros -> micros != null).sorted().toList();
    }

    /** Nearest rank, in milliseconds. */
    double percentile(int percent) {
        List<Long> times = times();
        return times.get((times.size() * percent + 99) / 100 - 1) / 1000.0;
    }

    /**
     * Writes the rows of minutes, hours and days, each made of its requests, the late ones apart.
     */
    void store(Connection connection) throws SQLException {
        where(request -> !request.isLate()).store(connection, "");
        where(Request::isLate).store(connection, "_late");
    }

    private void store(Connection connection, String suffix) throws SQLException {
        Map<String, Duration> grains =
                Map.of(
                        "1min", Duration.ofMinutes(1),
                        "1hour", Duration.ofHours(1),
                        "1day", Duration.ofDays(1));
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, Duration> grain : grains.entrySet()) {
                for (Map.Entry<String, Integer> days : DAYS.entrySet()) {
                    statement.execute(
                            "select weir.ensure_partitions('http_request_%s', '%sZ', '%2$sZ'::timestamptz + '%d days')"
                                    .formatted(
                                            grain.getKey() + suffix,
                                            days.getKey(),
                                            days.getValue() - 1));
                }
                long millis = grain.getValue().toMillis();
                Map<String, List<Request>> buckets = new HashMap<>();
                for (Request request : all) {
                    Instant bucket =
                            Instant.ofEpochMilli(request.at().toEpochMilli() / millis * millis);
                    buckets.computeIfAbsent(
                                    request.site() + ", '" + bucket + "'", key -> new ArrayList<>())
                            .add(request);
                }
                List<String> rows = new ArrayList<>();
                buckets.forEach((key, requests) -> rows.add(row(key, new Requests(requests))));
                for (int i = 0; i < rows.size(); i += 500) {
                    statement.execute(
                            "insert into weir.http_request_"
                                    + grain.getKey()
                                    + suffix
                                    + " values "
                                    + String.join(
                                            ", ", rows.subList(i, Math.min(i + 500, rows.size()))));
                }
            }
        }
    }

    private static String row(String key, Requests requests) {
        List<Long> times = requests.times();
        return "(%s, %d, %d, %d, %d, %d, %s, %d, '%s', '%s', '%s', '%s', true, true, now())"
                .formatted(
                        key,
                        requests.count(),
                        requests.count() - requests.errors(),
                        requests.errors(),
                        times.size(),
                        times.stream().mapToLong(t -> t).sum(),
                        times.isEmpty() ? "null" : times.get(times.size() - 1).toString(),
                        100 * requests.count(),
                        requests.sketch(),
                        json(requests.by(Request::country)),
                        json(requests.by(Request::status)),
                        requests.histogram());
    }

    private static String json(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\": " + e.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** A sketch in which every visitor has a register of its own. */
    private String sketch() {
        TreeSet<Integer> registers = new TreeSet<>();
        all.forEach(r -> registers.add(r.visitor()));
        return registers.stream()
                .map(register -> "%04x".formatted(register * 32 + 1))
                .collect(Collectors.joining("", "\\x138b40", ""));
    }

    private String histogram() {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        for (long micros : times()) {
            counts.merge((int) Math.ceil(Math.log((double) micros) / Math.log(G)), 1L, Long::sum);
        }
        if (counts.isEmpty()) {
            return "{}";
        }
        StringBuilder slice = new StringBuilder();
        for (int i = counts.firstKey(); i <= counts.lastKey(); i++) {
            slice.append(i == counts.firstKey() ? "" : ",").append(counts.getOrDefault(i, 0L));
        }
        return "[%d:%d]={%s}".formatted(counts.firstKey(), counts.lastKey(), slice);
    }
}
