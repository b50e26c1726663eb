package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Views over a real broker and database, against numbers counted one by one. */
@Timeout(240)
class CountedViewsIT {

    private static final Instant START = Instant.parse("2026-01-14T21:30:00Z");
    private static final int PARTITIONS = 3;

    private static Stack stack;
    private static FlinkCluster flink;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 3);
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    /** Four hours over midnight, four sites. */
    @Test
    void hoursAndDaysOfEachViewAreWhatIsCountedOneByOne() throws Exception {
        List<Sent> sent = sent(6_000);
        Map<String, List<String>> first = null;
        for (int parallelism = 1; parallelism <= 3; parallelism++) {
            Run run = run("views_" + parallelism);
            define(run);
            run.send(Run.of(sent.stream().map(Sent::record).toList()));
            JobID job = flink.run(run.options(), parallelism);
            flink.awaitConsumed(stack, run.options());
            flink.drain(job);

            assertThat(flink.restarts(job)).isZero();
            assertCounted(run, sent);
            Map<String, List<String>> rows = rows(run);
            first = first == null ? rows : first;
            assertThat(rows).isEqualTo(first);
        }
    }

    @Test
    void copiesAreCountedOnce() throws Exception {
        List<Sent> sent = sent(2_000);
        Run run = run("views_once");
        define(run);
        List<OutgoingRecord> records = new ArrayList<>();
        for (Sent each : sent) {
            records.add(each.record());
            if (each.id % 3 == 0) {
                records.add(each.record());
            }
        }
        run.send(Run.of(records));
        JobOptions options = run.options("deduplicate", "request-id");
        JobID job = flink.run(options, 2);
        flink.awaitConsumed(stack, options);
        flink.drain(job);

        assertCounted(run, sent);
    }

    @Test
    void aViewGoesOnAfterASavepointAtAnotherParallelism() throws Exception {
        List<Sent> sent = sent(4_000);
        Run run = run("views_resumed");
        define(run);
        run.send(Run.of(sent.subList(0, 2_500).stream().map(Sent::record).toList()));
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        String savepoint = flink.stop(job);
        run.send(Run.of(sent.subList(2_500, 4_000).stream().map(Sent::record).toList()));
        job = flink.run(run.options(), 3, savepoint, records -> records);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);

        assertCounted(run, sent);
    }

    /** 50,000 pages in an hour, of which a row can follow 50. */
    @Test
    void theTruthIsWithinTheBoundsOfARowThatHasTooManyKeys() throws Exception {
        Run run = run("views_many");
        stack.execute("select views_many.define_view('pages', 'url', top_entries => 10)");
        Random random = new Random(7);
        List<OutgoingRecord> records = new ArrayList<>();
        Map<String, Long> truth = new TreeMap<>();
        int count = 60_000;
        for (int i = 0; i < count; i++) {
            String url =
                    "/" + (random.nextInt(4) == 0 ? random.nextInt(8) : random.nextInt(50_000));
            truth.merge(url, 1L, Long::sum);
            records.add(new Sent(i, 1, START.plusMillis(i * 25L), 200, url, "a", "x", 0).record());
        }
        run.send(Run.of(records));
        JobID job = flink.run(run.options(), 2);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);

        assertThat(
                        stack.query(
                                "select concat_ws(' ', request_count, is_exact, cardinality(keys), is_final) from views_many.breakdown_1hour"))
                .containsExactly(count + " f 10 t");
        List<String> listed = new ArrayList<>();
        for (String row :
                stack.query(
                        """
                        select concat_ws(' ', key, counted, missed)
                        from views_many.breakdown_1hour, unnest(keys, request_counts, missed_counts) as e (key, counted, missed)
                        """)) {
            String[] parts = row.split(" ", -1);
            listed.add(parts[0]);
            long counted = Long.parseLong(parts[1]);
            assertThat(truth.get(parts[0]))
                    .as(row)
                    .isBetween(counted, counted + Long.parseLong(parts[2]));
        }
        assertThat(listed).contains("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7");
        long unlistedMax =
                Long.parseLong(
                        stack.query("select unlisted_max from views_many.breakdown_1hour").get(0));
        assertThat(unlistedMax).isLessThanOrEqualTo(2 * count / 50);
        truth.forEach(
                (url, requests) -> {
                    if (!listed.contains(url)) {
                        assertThat(requests).as(url).isLessThanOrEqualTo(unlistedMax);
                    }
                });
        int distinct =
                (int)
                        Double.parseDouble(
                                stack.query(
                                                "select public.hll_cardinality(distinct_keys) from views_many.breakdown_1hour"
                                                        .replace("public.", hllSchema()))
                                        .get(0));
        assertThat(distinct).isBetween((int) (truth.size() * 0.9), (int) (truth.size() * 1.1));
    }

    private static String hllSchema() throws Exception {
        return stack.query(
                        "select nspname || '.' from pg_proc join pg_namespace as n on n.oid = pronamespace where proname = 'hll_cardinality' limit 1")
                .get(0);
    }

    private static Run run(String name) throws Exception {
        return new Run(stack, name, PARTITIONS, START, START.plus(Duration.ofHours(6)));
    }

    private static void define(Run run) throws Exception {
        stack.execute(
                """
                select %1$s.define_view('pages', 'url_path');
                select %1$s.define_view('failures', 'status,method', filter => 'status >= 400 and url like ''/a/%%''');
                select %1$s.define_view('tiers', 'field:tier', sites => '{1,3}', top_entries => 2);
                select %1$s.define_view('agents', 'agent,bot');
                """
                        .formatted(run.schema()));
    }

    private static void assertCounted(Run run, List<Sent> sent) throws Exception {
        assertThat(rows(run))
                .isEqualTo(
                        Map.of(
                                "pages",
                                expected(sent, request -> true, Sent::path, 100),
                                "failures",
                                expected(
                                        sent,
                                        request ->
                                                request.status >= 400
                                                        && request.url.startsWith("/a/"),
                                        request -> request.status + "+" + request.method,
                                        100),
                                "tiers",
                                expected(
                                        sent,
                                        request -> request.site == 1 || request.site == 3,
                                        request -> request.tier,
                                        2),
                                "agents",
                                expected(sent, request -> true, Sent::agent, 100)));
    }

    /** By view: grain, site, bucket, totals and what is listed. */
    private static Map<String, List<String>> rows(Run run) throws Exception {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String row :
                stack.query(
                        """
                        select concat_ws(' ', name, grain, site_id, to_char(bucket at time zone 'UTC', 'DD"T"HH24'),
                                         request_count, error_count, bytes_sum, timed_count, response_time_sum_usec, unlisted_max,
                                         '[' || (select string_agg(concat_ws('=', concat_ws('+', coalesce(key, '-'), second), concat_ws('/', requests, errors, bytes, timed, micros)), ' ' order by n)
                                                 from unnest(keys, second_keys, request_counts, error_counts, bytes_sums, timed_counts, response_time_sums_usec)
                                                      with ordinality as e (key, second, requests, errors, bytes, timed, micros, n)) || ']',
                                         is_exact, is_whole, is_final)
                        from (select 'hour' as grain, * from %1$s.breakdown_1hour union all select 'day', * from %1$s.breakdown_1day) as breakdown
                        join (select distinct view_id, name from %1$s.view_definition) as view using (view_id)
                        """
                                .formatted(run.schema()))) {
            int space = row.indexOf(' ');
            rows.computeIfAbsent(row.substring(0, space), name -> new ArrayList<>())
                    .add(row.substring(space + 1));
        }
        rows.values().forEach(each -> each.sort(null));
        return rows;
    }

    private static List<String> expected(
            List<Sent> sent,
            Predicate<Sent> isCounted,
            Function<Sent, String> keyOf,
            int topEntries) {
        Map<String, Map<String, long[]>> buckets = new TreeMap<>();
        for (Sent request : sent) {
            if (isCounted.test(request)) {
                String hour = request.time.toString().substring(8, 13);
                for (String bucket :
                        List.of(
                                "hour " + request.site + " " + hour,
                                "day " + request.site + " " + hour.substring(0, 3) + "00")) {
                    long[] sums =
                            buckets.computeIfAbsent(bucket, first -> new TreeMap<>())
                                    .computeIfAbsent(keyOf.apply(request), first -> new long[5]);
                    sums[0]++;
                    sums[1] += request.status >= 400 ? 1 : 0;
                    sums[2] += request.id;
                    sums[3] += request.micros > 0 ? 1 : 0;
                    sums[4] += request.micros;
                }
            }
        }
        List<String> rows = new ArrayList<>();
        buckets.forEach((bucket, byKey) -> rows.add(row(bucket, byKey, topEntries)));
        rows.sort(null);
        return rows;
    }

    private static String row(String bucket, Map<String, long[]> byKey, int topEntries) {
        List<Map.Entry<String, long[]>> sorted = new ArrayList<>(byKey.entrySet());
        sorted.sort((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0])); // stable: by key
        long[] total = new long[5];
        byKey.values()
                .forEach(
                        sums -> {
                            for (int i = 0; i < total.length; i++) {
                                total[i] += sums[i];
                            }
                        });
        long unlisted = sorted.size() > topEntries ? sorted.get(topEntries).getValue()[0] : 0;
        List<String> listed =
                sorted.stream()
                        .limit(topEntries)
                        .map(entry -> entry.getKey() + "=" + joined(entry.getValue(), "/"))
                        .toList();
        return bucket
                + " "
                + joined(total, " ")
                + " "
                + unlisted
                + " ["
                + String.join(" ", listed)
                + "] t t t";
    }

    private static String joined(long[] numbers, String separator) {
        List<String> texts = new ArrayList<>();
        for (long number : numbers) {
            texts.add(Long.toString(number));
        }
        return String.join(separator, texts);
    }

    private static List<Sent> sent(int count) {
        Random random = new Random(count);
        List<String> methods = List.of("GET", "POST", "PUT");
        List<String> tiers = List.of("a", "b", "c", "d");
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String url =
                    (random.nextBoolean() ? "/a/" : "/b/")
                            + (char) ('a' + random.nextInt(20))
                            + "/"
                            + random.nextInt(1_000)
                            + "?q="
                            + random.nextInt(10);
            sent.add(
                    new Sent(
                            i,
                            1 + random.nextInt(4),
                            START.plusMillis(i * (4L * 3_600_000 / count)),
                            random.nextInt(4) == 0 ? 500 + random.nextInt(3) : 200,
                            url,
                            methods.get(random.nextInt(methods.size())),
                            tiers.get(Math.min(random.nextInt(4), random.nextInt(4))),
                            random.nextBoolean() ? random.nextInt(9_000) * 1_000L : 0));
        }
        return sent;
    }

    private record Sent(
            int id,
            int site,
            Instant time,
            int status,
            String url,
            String method,
            String tier,
            long micros) {

        /** Of URLs made above: the number is all that is folded. */
        String path() {
            return url.substring(0, 5) + "{n}";
        }

        String userAgent() {
            return switch (id % 7) {
                case 0, 1, 2 -> ", \"user_agent\": \"Mozilla/5.0 (X11) Firefox/127.0\"";
                case 3, 4 -> ", \"user_agent\": \"Googlebot/2.1\"";
                case 5 -> ", \"user_agent\": \"curl/8.%d\"".formatted(id);
                default -> "";
            };
        }

        String agent() {
            return switch (id % 7) {
                case 0, 1, 2 -> "browser";
                case 3, 4 -> "bot+Googlebot";
                case 5 -> "bot+curl";
                default -> "unknown";
            };
        }

        OutgoingRecord record() {
            String event =
                    """
                    {"site_id": %d, "event_time": "%s", "status_code": %d, "bytes_sent": %d, "url": "%s", \
                    "method": "%s", "tier": "%s", "request_id": "r%d"%s%s}"""
                            .formatted(
                                    site,
                                    time,
                                    status,
                                    id,
                                    url,
                                    method,
                                    tier,
                                    id,
                                    micros == 0
                                            ? ""
                                            : ", \"response_time_msec\": " + micros / 1_000,
                                    userAgent());
            return new OutgoingRecord(
                    event.getBytes(StandardCharsets.UTF_8), time.toEpochMilli(), "test", id + 1);
        }
    }
}
