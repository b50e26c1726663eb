package io.weir.election;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The election as its definition reads, from all minutes at once, with no thought of speed. It
 * shares nothing with the real one.
 */
final class ReferenceElection {

    /** A version of the settings; times in minutes. */
    record Rules(
            int version,
            long from,
            int window,
            int interval,
            long minHits,
            int entries,
            int retention) {}

    /** A site's row. */
    static final class Row {
        long total;
        long lastHits;
        int times;
        long first;
        long last;
        long countedUntil;
        @Nullable Long leftAt;
        long election;

        @Override
        public String toString() {
            return "total %d, last hits %d, times %d, seen %d to %d, counted until %d, left %s, by %d"
                    .formatted(total, lastHits, times, first, last, countedUntil, leftAt, election);
        }
    }

    private final Map<Integer, NavigableMap<Long, Long>> hits;
    private final List<Rules> versions;
    private final long wholeFrom;

    final Map<Integer, Row> rows = new TreeMap<>();
    final List<String> elections = new ArrayList<>();
    final List<String> candidates = new ArrayList<>();
    int skipped;

    private final Map<Integer, Set<Long>> counted = new TreeMap<>();

    /**
     * @param hits by site and minute since the epoch
     */
    ReferenceElection(
            Map<Integer, NavigableMap<Long, Long>> hits, List<Rules> versions, long wholeFrom) {
        this.hits = hits;
        this.versions = versions;
        this.wholeFrom = wholeFrom;
    }

    ReferenceElection run() {
        long first = Long.MAX_VALUE;
        long newest = Long.MIN_VALUE;
        for (NavigableMap<Long, Long> minutes : hits.values()) {
            first = Math.min(first, minutes.firstKey());
            newest = Math.max(newest, minutes.lastKey());
        }
        boolean isOver = false;
        for (long minute = first + 1; !isOver; minute++) {
            if (minute % rules(minute).interval() == 0) {
                hold(minute);
                isOver = minute > newest;
            }
        }
        return this;
    }

    private Rules rules(long minute) {
        @Nullable Rules found = null;
        for (Rules each : versions) {
            if (each.from() <= minute && (found == null || each.version() > found.version())) {
                found = each;
            }
        }
        return Objects.requireNonNull(found);
    }

    private static <V> V of(Map<Integer, V> map, int site) {
        return Objects.requireNonNull(map.get(site));
    }

    /** Whether the election counts a minute: no window before it may have been too narrow. */
    private boolean counts(long election, long minute) {
        boolean counts = minute >= election - rules(election).window() && minute < election;
        for (Rules each : versions) {
            if (each.from() <= election && each.from() > 0 && rules(each.from()).equals(each)) {
                counts &= minute >= each.from() - rules(each.from() - 1).window();
            }
        }
        return counts;
    }

    private void hold(long election) {
        Rules rules = rules(election);
        long start = election - 1;
        while (counts(election, start - 1)) {
            start--;
        }
        if (start < wholeFrom) {
            skipped++;
            return;
        }
        Set<Integer> before = new HashSet<>();
        rows.forEach(
                (site, row) -> {
                    if (row.leftAt == null) {
                        before.add(site);
                    }
                });
        int found = 0;
        for (int site : hits.keySet()) {
            found += elect(site, election, start, rules) ? 1 : 0;
        }
        remove(election, rules);
        int listed = 0;
        int entered = 0;
        int left = 0;
        for (Map.Entry<Integer, Row> each : rows.entrySet()) {
            boolean isListed = each.getValue().leftAt == null;
            boolean wasListed = before.contains(each.getKey());
            listed += isListed ? 1 : 0;
            entered += isListed && !wasListed ? 1 : 0;
            left += wasListed && !isListed ? 1 : 0;
        }
        elections.add(
                "%d from %d by %d: %d, %d +%d -%d"
                        .formatted(election, start, rules.version(), found, listed, entered, left));
    }

    private boolean elect(int site, long election, long start, Rules rules) {
        long sum = 0;
        long fresh = 0;
        long earliest = -1;
        long earliestFresh = -1;
        long last = -1;
        Set<Long> countedBefore = counted.computeIfAbsent(site, any -> new HashSet<>());
        List<Long> minutes = new ArrayList<>();
        for (long minute = start; minute < election; minute++) {
            Long there = of(hits, site).get(minute);
            if (there != null) {
                sum += there;
                last = minute;
                earliest = earliest < 0 ? minute : earliest;
                minutes.add(minute);
                if (!countedBefore.contains(minute)) {
                    fresh += there;
                    earliestFresh = earliestFresh < 0 ? minute : earliestFresh;
                }
            }
        }
        if (sum < rules.minHits()) {
            return false;
        }
        candidates.add("%d %d %d %d".formatted(election, site, sum, last));
        countedBefore.addAll(minutes);
        Row row = rows.get(site);
        if (row == null || row.leftAt != null) {
            row = new Row();
            row.first = earliestFresh < 0 ? earliest : earliestFresh;
            rows.put(site, row);
        }
        row.total += fresh;
        row.lastHits = sum;
        row.times++;
        row.last = last;
        row.countedUntil = election;
        row.election = election;
        return true;
    }

    private void remove(long election, Rules rules) {
        for (Row row : rows.values()) {
            if (row.leftAt == null && election - row.last >= rules.retention()) {
                row.leftAt = election;
                row.election = election;
            }
        }
        List<Integer> beyond = new ArrayList<>();
        for (int site : rows.keySet()) {
            int better = 0;
            for (int other : rows.keySet()) {
                better += isBetter(other, site) ? 1 : 0;
            }
            if (of(rows, site).leftAt == null && better >= rules.entries()) {
                beyond.add(site);
            }
        }
        for (int site : beyond) {
            of(rows, site).leftAt = election;
            of(rows, site).election = election;
        }
    }

    private boolean isBetter(int other, int site) {
        Row a = of(rows, other);
        Row b = of(rows, site);
        if (a.leftAt != null || other == site) {
            return false;
        }
        if (a.last != b.last) {
            return a.last > b.last;
        }
        return a.total != b.total ? a.total > b.total : other < site;
    }
}
