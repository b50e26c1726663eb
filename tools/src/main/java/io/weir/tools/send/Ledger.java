package io.weir.tools.send;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * What must be counted of the generated requests: kept by the sender, by means of its own, so that
 * results can be checked against something else than the job.
 *
 * <p>Records are entered in the order of sending, and lateness is judged as the contract says (a
 * partition's clock is the largest event time or send time of its valid requests so far, less the
 * out-of-orderness; late is a request whose minute ended the allowed lateness ago or earlier by
 * that clock, to which its own times are added first).
 *
 * <p>A minute that no partition accepts any more is closed: its addresses are dropped and only
 * their number is kept.
 */
public final class Ledger {

    private static final long MINUTE_MILLIS = 60_000;
    private static final long NO_TIME = Long.MIN_VALUE;
    private static final int ENTRIES_BETWEEN_CLOSINGS = 10_000;

    private final long outOfOrdernessMillis;
    private final long allowedLatenessMillis;

    /** Largest time of each partition, without the out-of-orderness. */
    private final long[] largestTimes;

    /** By minute, then by site. */
    private final TreeMap<Long, Map<Integer, OpenSiteMinute>> openMinutes = new TreeMap<>();

    private final List<SentSiteMinute> closed = new ArrayList<>();
    private final Map<String, Long> rejectedByReason = new TreeMap<>();
    private long counted;
    private long late;

    /** Of the late requests, by minute, then by site. */
    private final Map<Long, Map<Integer, OpenSiteMinute>> lateMinutes = new TreeMap<>();

    /**
     * @param partitions how many partitions the requests are sent to
     * @param outOfOrderness as the job is told
     * @param allowedLateness as the job is told
     */
    public Ledger(int partitions, Duration outOfOrderness, Duration allowedLateness) {
        this.outOfOrdernessMillis = outOfOrderness.toMillis();
        this.allowedLatenessMillis = allowedLateness.toMillis();
        this.largestTimes = new long[partitions];
        Arrays.fill(largestTimes, NO_TIME);
    }

    int partitions() {
        return largestTimes.length;
    }

    void enterRequest(int partition, long sendTimeMillis, GeneratedRequest request) {
        long eventTime = request.eventTimeMillis();
        largestTimes[partition] =
                Math.max(largestTimes[partition], Math.max(sendTimeMillis, eventTime));
        long minute = Math.floorDiv(eventTime, MINUTE_MILLIS) * MINUTE_MILLIS;
        if (isPast(minute, largestTimes[partition])) {
            late++;
            add(request, minute, lateMinutes);
            return;
        }
        counted++;
        add(request, minute, openMinutes);
        if (counted % ENTRIES_BETWEEN_CLOSINGS == 0) {
            closeMinutes();
        }
    }

    private static void add(
            GeneratedRequest request,
            long minute,
            Map<Long, Map<Integer, OpenSiteMinute>> minutes) {
        minutes.computeIfAbsent(minute, m -> new HashMap<>())
                .computeIfAbsent(request.siteId(), s -> new OpenSiteMinute())
                .add(request);
    }

    void enterRejected(String reason) {
        rejectedByReason.merge(reason, 1L, Long::sum);
    }

    /** Number of records by outcome: {@code counted}, {@code late}, {@code rejected:REASON}. */
    public Map<String, Long> totals() {
        Map<String, Long> totals = new TreeMap<>();
        totals.put("counted", counted);
        totals.put("late", late);
        rejectedByReason.forEach((reason, records) -> totals.put("rejected:" + reason, records));
        return Collections.unmodifiableMap(totals);
    }

    /** Every site and minute with a counted request, by site, then by minute. */
    List<SentSiteMinute> siteMinutes() {
        List<SentSiteMinute> siteMinutes = new ArrayList<>(closed);
        openMinutes.forEach((minute, sites) -> addClosed(minute, sites, siteMinutes));
        Collections.sort(siteMinutes);
        return siteMinutes;
    }

    /** The same of the late requests. */
    List<SentSiteMinute> lateSiteMinutes() {
        List<SentSiteMinute> siteMinutes = new ArrayList<>();
        lateMinutes.forEach((minute, sites) -> addClosed(minute, sites, siteMinutes));
        Collections.sort(siteMinutes);
        return siteMinutes;
    }

    /**
     * Writes {@code sent_1min.csv}, {@code sent_1min_late.csv} and {@code sent_totals.csv} as RFC
     * 4180, times in UTC.
     */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        write(directory.resolve("sent_1min.csv"), siteMinutes());
        write(directory.resolve("sent_1min_late.csv"), lateSiteMinutes());
        try (CSVPrinter csv =
                open(directory.resolve("sent_totals.csv"), List.of("outcome", "records"))) {
            for (Map.Entry<String, Long> total : totals().entrySet()) {
                csv.printRecord(total.getKey(), total.getValue());
            }
        }
    }

    private static void write(Path file, List<SentSiteMinute> siteMinutes) throws IOException {
        List<String> columns = new ArrayList<>(List.of("site_id", "bucket"));
        OpenSiteMinute.MEASURES.forEach(measure -> columns.add(measure.column()));
        try (CSVPrinter csv = open(file, columns)) {
            for (SentSiteMinute sent : siteMinutes) {
                csv.print(sent.siteId());
                csv.print(Instant.ofEpochMilli(sent.minuteMillis()));
                csv.printRecord(sent.measures());
            }
        }
    }

    private static CSVPrinter open(Path file, List<String> header) throws IOException {
        CSVFormat format =
                CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get();
        return new CSVPrinter(Files.newBufferedWriter(file), format);
    }

    private boolean isPast(long minute, long largestTime) {
        long clock = largestTime - outOfOrdernessMillis;
        return minute + MINUTE_MILLIS + allowedLatenessMillis <= clock;
    }

    private void closeMinutes() {
        long slowest = Arrays.stream(largestTimes).min().orElse(NO_TIME);
        while (slowest != NO_TIME
                && !openMinutes.isEmpty()
                && isPast(openMinutes.firstKey(), slowest)) {
            addClosed(openMinutes.firstKey(), openMinutes.pollFirstEntry().getValue(), closed);
        }
    }

    private static void addClosed(
            long minute, Map<Integer, OpenSiteMinute> sites, List<SentSiteMinute> siteMinutes) {
        sites.forEach((site, open) -> siteMinutes.add(open.toSent(site, minute)));
    }
}
