package io.weir.tools.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.ReferenceElection;
import io.weir.tools.cli.Weir;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The demo's list of the top sites is the one that its minute rows ask for. */
class DemoElectionIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        // seed, requests, sites, span, window, interval, hits, entries
        "1, 20000,  50,  3h,  2h,    1h,    100, 1000",
        "2, 20000, 100,  5h,  1h,    15min, 60,  12",
        "3, 20000,  40,  3d,  24h,   6h,    50,  10",
        "4, 3000,  400,  2h,  30min, 15min, 1,   50", // most totals are ties
        "5, 20000, 100,  3h,  1h,    1h,    1,   1000"
    })
    void isThatOfTheReference(
            long seed,
            int requests,
            int sites,
            String span,
            String window,
            String interval,
            long minHits,
            int maxEntries,
            @TempDir Path folder)
            throws Exception {
        demo(
                "--seed=" + seed,
                "--requests=" + requests,
                "--sites=" + sites,
                "--span=" + span,
                "--election-window=" + window,
                "--election-interval=" + interval,
                "--min-hits=" + minHits,
                "--max-entries=" + maxEntries,
                "--export=" + folder);

        List<CSVRecord> minutes = read(folder, "http_request_1min.csv");
        ReferenceElection reference =
                new ReferenceElection(
                        hits(minutes),
                        List.of(
                                new ReferenceElection.Rules(
                                        1,
                                        0,
                                        duration(window).toMinutes(),
                                        duration(interval).toMinutes(),
                                        minHits,
                                        maxEntries,
                                        Duration.ofDays(90).toMinutes())),
                        0);
        List<List<String>> expected = cells(reference.rows);
        List<List<String>> exported =
                read(folder, "top_site.csv").stream().map(CSVRecord::toList).toList();
        assertThat(exported).isEqualTo(expected).isNotEmpty();

        long listed = exported.stream().filter(row -> !row.get(1).isEmpty()).count();
        if (maxEntries < sites) {
            assertThat(listed).isEqualTo(maxEntries);
            assertThat(exported.size()).isGreaterThan(maxEntries);
        }
        if (minHits == 1 && maxEntries >= sites) {
            assertThat(exported.stream().mapToLong(row -> Long.parseLong(row.get(2))).sum())
                    .isEqualTo(
                            minutes.stream()
                                    .mapToLong(row -> Long.parseLong(row.get("request_count")))
                                    .sum());
        }
        assertThat(out.toString())
                .contains(reference.elections.size() + " elections were held")
                .contains(listed + " sites are in the list");
        assertThat(printedTable()).isEqualTo(expectedTable(expected));
    }

    private static Map<Integer, NavigableMap<Long, Long>> hits(List<CSVRecord> minutes) {
        Map<Integer, NavigableMap<Long, Long>> hits = new HashMap<>();
        for (CSVRecord minute : minutes) {
            hits.computeIfAbsent(Integer.parseInt(minute.get("site_id")), site -> new TreeMap<>())
                    .put(
                            Instant.parse(minute.get("bucket")).getEpochSecond() / 60,
                            Long.parseLong(minute.get("request_count")));
        }
        return hits;
    }

    /** All cells as the exported file has them. */
    private static List<List<String>> cells(Map<Integer, ReferenceElection.Row> rows) {
        List<Integer> ranked =
                rows.entrySet().stream()
                        .filter(row -> row.getValue().leftAt() == null)
                        .sorted(
                                Comparator.comparingLong(
                                                (Map.Entry<Integer, ReferenceElection.Row> row) ->
                                                        -row.getValue().totalHits())
                                        .thenComparing(Map.Entry::getKey))
                        .map(Map.Entry::getKey)
                        .toList();
        List<List<String>> cells = new ArrayList<>();
        rows.forEach(
                (site, row) ->
                        cells.add(
                                List.of(
                                        Integer.toString(site),
                                        row.leftAt() == null
                                                ? Integer.toString(ranked.indexOf(site) + 1)
                                                : "",
                                        Long.toString(row.totalHits()),
                                        Long.toString(row.lastHits()),
                                        Integer.toString(row.timesElected()),
                                        time(row.firstSeen()),
                                        time(row.lastSeen()),
                                        row.leftAt() == null ? "" : time(row.leftAt()))));
        return cells;
    }

    private static String time(long minute) {
        return Instant.ofEpochSecond(minute * 60).toString();
    }

    @Test
    void aReportSaysThatNoSiteHadEnough(@TempDir Path folder) throws Exception {
        demo("--seed=1", "--requests=100", "--span=10min", "--min-hits=5000", "--export=" + folder);

        assertThat(out.toString())
                .contains("1 election was held", "0 sites are in the list")
                .contains("none had 5,000 requests within 2h");
        assertThat(read(folder, "top_site.csv")).isEmpty();
    }

    @Test
    void aLogWithOneLineOfAnotherDecadeIsElected(@TempDir Path folder) throws Exception {
        String line = "10.0.0.1 - - [%s +0000] \"GET / HTTP/1.1\" 200 10\n";
        Path log = folder.resolve("misdated.log");
        Files.writeString(
                log,
                line.formatted("01/Jan/2003:00:00:00")
                        + line.formatted("15/Jan/2013:11:00:00")
                        + line.formatted("15/Jan/2013:11:30:00"));
        demo("--access-log=" + log, "--min-hits=1", "--export=" + folder);

        assertThat(read(folder, "top_site.csv").stream().map(CSVRecord::toList))
                .containsExactly(
                        List.of(
                                "1",
                                "1",
                                "2",
                                "2",
                                "1",
                                "2013-01-15T11:00:00Z",
                                "2013-01-15T11:30:00Z",
                                ""));
    }

    /** The lines of the report's last table: rank, site, total, last election, times elected. */
    private List<List<String>> printedTable() {
        List<List<String>> rows = new ArrayList<>();
        boolean isTable = false;
        for (String line : out.toString().lines().toList()) {
            if (isTable && line.isBlank()) {
                break;
            }
            if (isTable) {
                List<String> cells = List.of(line.strip().split(" +"));
                assertThat(cells).hasSize(10);
                rows.add(cells.subList(0, 9));
            }
            isTable = isTable || line.strip().startsWith("rank");
        }
        return rows;
    }

    private static List<List<String>> expectedTable(List<List<String>> exported) {
        return exported.stream()
                .filter(row -> !row.get(1).isEmpty())
                .sorted(Comparator.comparingInt(row -> Integer.parseInt(row.get(1))))
                .limit(15)
                .map(
                        row ->
                                List.of(
                                        row.get(1),
                                        row.get(0),
                                        thousands(row.get(2)),
                                        thousands(row.get(3)),
                                        row.get(4),
                                        row.get(5).substring(0, 10),
                                        row.get(5).substring(11, 16) + "Z",
                                        row.get(6).substring(0, 10),
                                        row.get(6).substring(11, 16) + "Z"))
                .toList();
    }

    private static String thousands(String number) {
        return String.format(java.util.Locale.ROOT, "%,d", Long.parseLong(number));
    }

    private static Duration duration(String text) {
        return org.apache.flink.util.TimeUtils.parseDuration(text);
    }

    private void demo(String... arguments) {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 1];
        all[0] = "demo";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        assertThat(command.execute(all)).describedAs(err.toString()).isZero();
    }

    private static List<CSVRecord> read(Path folder, String file) throws Exception {
        try (CSVParser csv =
                CSVParser.parse(
                        folder.resolve(file),
                        UTF_8,
                        CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
            return csv.getRecords();
        }
    }
}
