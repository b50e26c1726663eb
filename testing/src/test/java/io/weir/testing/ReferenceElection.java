package io.weir.testing;

import java.util.ArrayList;
import java.util.HashMap;
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
 * shares nothing with the real one. All times are in minutes since the epoch.
 */
public final class ReferenceElection {

    /** A version of the settings, which holds from a boundary on; the first always holds. */
    public record Rules(
            int version,
            long from,
            long window,
            long interval,
            long minHits,
            int maxEntries,
            long retention) {}

    /** A site's row. */
    public record Row(
            long totalHits,
            long lastHits,
            int timesElected,
            long firstSeen,
            long lastSeen,
            long countedUntil,
            @Nullable Long leftAt,
            long election) {

        Row removed(long by) {
            return new Row(
                    totalHits, lastHits, timesElected, firstSeen, lastSeen, countedUntil, by, by);
        }
    }

    /** A site with enough hits in the window of an election. */
    public record Nominee(long election, int siteId, long hits, long lastSeen) {}

    /** What an election did. */
    public record Outcome(
            long election,
            long windowStart,
            int version,
            int candidates,
            int listed,
            int entered,
            int left) {}

    /** By site. */
    public final Map<Integer, Row> rows = new TreeMap<>();

    public final List<Outcome> elections = new ArrayList<>();
    public final List<Nominee> nominees = new ArrayList<>();
    public int skipped;

    private final List<Rules> versions;
    private final Map<Integer, Set<Long>> counted = new HashMap<>();

    /**
     * @param hits by site and minute
     * @param wholeFrom elections whose windows begin earlier are skipped
     */
    public ReferenceElection(
            Map<Integer, NavigableMap<Long, Long>> hits, List<Rules> versions, long wholeFrom) {
        this.versions = versions;
        long first = hits.values().stream().mapToLong(NavigableMap::firstKey).min().orElseThrow();
        long last = hits.values().stream().mapToLong(NavigableMap::lastKey).max().orElseThrow();
        for (long election = after(first); election <= after(last); election = after(election)) {
            long start = windowStart(election);
            if (start < wholeFrom) {
                skipped++;
            } else {
                hold(election, start, rules(election), hits);
            }
        }
    }

    private long after(long minute) {
        long next = minute + 1;
        while (next % rules(next).interval() != 0) {
            next++;
        }
        return next;
    }

    private Rules rules(long minute) {
        Rules found = versions.get(0);
        for (Rules each : versions) {
            if (each.from() <= minute && each.version() > found.version()) {
                found = each;
            }
        }
        return found;
    }

    /** The window's first minute that no window before it may have been too narrow for. */
    private long windowStart(long election) {
        long start = election - rules(election).window();
        for (Rules each : versions.subList(1, versions.size())) {
            if (each.from() <= election && rules(each.from()).equals(each)) {
                start = Math.max(start, each.from() - rules(each.from() - 1).window());
            }
        }
        return start;
    }

    private void hold(
            long election, long start, Rules rules, Map<Integer, NavigableMap<Long, Long>> hits) {
        Set<Integer> before = listed();
        int candidates = nominees.size();
        hits.forEach(
                (site, minutes) -> {
                    NavigableMap<Long, Long> seen = minutes.subMap(start, true, election, false);
                    if (sum(seen) >= rules.minHits()) {
                        elect(site, election, seen);
                    }
                });
        for (int site : listed()) {
            if (election - row(site).lastSeen() >= rules.retention()) {
                rows.put(site, row(site).removed(election));
            }
        }
        while (listed().size() > rules.maxEntries()) {
            int worst = listed().stream().reduce((a, b) -> isWorse(b, a) ? b : a).orElseThrow();
            rows.put(worst, row(worst).removed(election));
        }
        Set<Integer> entered = listed();
        entered.removeAll(before);
        before.removeAll(listed());
        elections.add(
                new Outcome(
                        election,
                        start,
                        rules.version(),
                        nominees.size() - candidates,
                        listed().size(),
                        entered.size(),
                        before.size()));
    }

    private void elect(int site, long election, NavigableMap<Long, Long> seen) {
        Set<Long> countedBefore = counted.computeIfAbsent(site, any -> new HashSet<>());
        NavigableMap<Long, Long> fresh = new TreeMap<>(seen);
        fresh.keySet().removeAll(countedBefore);
        countedBefore.addAll(seen.keySet());
        nominees.add(new Nominee(election, site, sum(seen), seen.lastKey()));
        Row row = rows.get(site);
        if (row == null || row.leftAt() != null) {
            long first = (fresh.isEmpty() ? seen : fresh).firstKey();
            row = new Row(0, 0, 0, first, first, election, null, election);
        }
        rows.put(
                site,
                new Row(
                        row.totalHits() + sum(fresh),
                        sum(seen),
                        row.timesElected() + 1,
                        row.firstSeen(),
                        seen.lastKey(),
                        election,
                        null,
                        election));
    }

    private boolean isWorse(int site, int than) {
        Row a = row(site);
        Row b = row(than);
        if (a.lastSeen() != b.lastSeen()) {
            return a.lastSeen() < b.lastSeen();
        }
        return a.totalHits() != b.totalHits() ? a.totalHits() < b.totalHits() : site > than;
    }

    private Set<Integer> listed() {
        Set<Integer> listed = new HashSet<>(rows.keySet());
        listed.removeIf(site -> row(site).leftAt() != null);
        return listed;
    }

    private Row row(int site) {
        return Objects.requireNonNull(rows.get(site));
    }

    private static long sum(Map<Long, Long> hits) {
        return hits.values().stream().mapToLong(Long::longValue).sum();
    }
}
