package io.weir.tools.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The election as its description has it, without regard to speed: every minute of every site lies
 * in memory, and the set of those that were counted says what is new.
 */
final class ReferenceElection {

    private static final long DAY = Duration.ofDays(1).toSeconds();
    private static final long RETENTION = 90 * DAY;

    private final long window;
    private final long interval;
    private final long minHits;
    private final int maxEntries;

    private final Map<Integer, NavigableMap<Long, Long>> minutes = new TreeMap<>();
    private final Map<Integer, Set<Long>> counted = new TreeMap<>();
    private final Map<Integer, Site> rows = new TreeMap<>();
    private int elections;

    ReferenceElection(Duration window, Duration interval, long minHits, int maxEntries) {
        this.window = window.toSeconds();
        this.interval = interval.toSeconds();
        this.minHits = minHits;
        this.maxEntries = maxEntries;
    }

    void minute(int site, Instant minute, long hits) {
        minutes.computeIfAbsent(site, any -> new TreeMap<>()).put(minute.getEpochSecond(), hits);
    }

    /** The rows of the table, by site: all cells as the exported file has them. */
    List<List<String>> hold() {
        long first = minutes.values().stream().mapToLong(NavigableMap::firstKey).min().orElse(0);
        long last = minutes.values().stream().mapToLong(NavigableMap::lastKey).max().orElse(0);
        for (long boundary = after(first); boundary <= after(last); boundary += interval) {
            hold(boundary);
            elections++;
        }
        List<Site> ranked =
                rows.values().stream()
                        .filter(site -> site.leftAt == null)
                        .sorted(
                                Comparator.comparingLong((Site site) -> -site.total)
                                        .thenComparingInt(site -> site.id))
                        .toList();
        return rows.values().stream().map(site -> site.cells(ranked.indexOf(site) + 1)).toList();
    }

    int elections() {
        return elections;
    }

    private long after(long second) {
        return (second / interval + 1) * interval;
    }

    private void hold(long boundary) {
        minutes.forEach(
                (id, all) -> {
                    NavigableMap<Long, Long> seen =
                            all.subMap(boundary - window, true, boundary, false);
                    if (sum(seen) >= minHits) {
                        elect(id, seen);
                    }
                });
        List<Site> list =
                new ArrayList<>(
                        rows.values().stream().filter(site -> site.leftAt == null).toList());
        for (Site site : List.copyOf(list)) {
            if (boundary - site.lastSeen >= RETENTION) {
                site.leftAt = boundary;
                list.remove(site);
            }
        }
        while (list.size() > maxEntries) {
            Site worst = list.get(0);
            for (Site site : list) {
                worst = isWorse(site, worst) ? site : worst;
            }
            worst.leftAt = boundary;
            list.remove(worst);
        }
    }

    private void elect(int id, NavigableMap<Long, Long> seen) {
        NavigableMap<Long, Long> fresh = new TreeMap<>(seen);
        fresh.keySet().removeAll(counted.computeIfAbsent(id, any -> new HashSet<>()));
        counted.get(id).addAll(seen.keySet());
        Site site = rows.get(id);
        if (site == null || site.leftAt != null) {
            site = new Site(id, (fresh.isEmpty() ? seen : fresh).firstKey());
            rows.put(id, site);
        }
        site.total += sum(fresh);
        site.lastHits = sum(seen);
        site.times++;
        site.lastSeen = seen.lastKey();
    }

    private static boolean isWorse(Site site, Site other) {
        if (site.lastSeen != other.lastSeen) {
            return site.lastSeen < other.lastSeen;
        }
        if (site.total != other.total) {
            return site.total < other.total;
        }
        return site.id > other.id;
    }

    private static long sum(Map<Long, Long> hits) {
        return hits.values().stream().mapToLong(Long::longValue).sum();
    }

    private static final class Site {

        private final int id;
        private final long firstSeen;
        private long total;
        private long lastHits;
        private int times;
        private long lastSeen;
        private @Nullable Long leftAt;

        Site(int id, long firstSeen) {
            this.id = id;
            this.firstSeen = firstSeen;
        }

        List<String> cells(int rank) {
            return List.of(
                    Integer.toString(id),
                    leftAt == null ? Integer.toString(rank) : "",
                    Long.toString(total),
                    Long.toString(lastHits),
                    Integer.toString(times),
                    Instant.ofEpochSecond(firstSeen).toString(),
                    Instant.ofEpochSecond(lastSeen).toString(),
                    leftAt == null ? "" : Instant.ofEpochSecond(leftAt).toString());
        }
    }
}
