package io.weir.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.ReferenceElection;
import io.weir.testing.ReferenceElection.Nominee;
import io.weir.testing.ReferenceElection.Outcome;
import io.weir.testing.ReferenceElection.Row;
import io.weir.testing.ReferenceElection.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random traffic under random settings against the election as it is defined: the rules alone, and
 * the job's steps in random order, at random parallelism and with restarts.
 */
class ElectionPropertyTest {

    private static final int SEEDS = 200;
    private static final int SITES = 30;
    private static final long MINUTE = 60_000;
    private static final long FIRST = Instant.parse("2026-01-15T00:00:00Z").toEpochMilli() / MINUTE;
    private static final int[][] WINDOWS = {{120, 60}, {60, 15}, {1440, 360}, {90, 60}};

    @Test
    void theRulesAreAsDefined() {
        int elections = 0;
        int leavers = 0;
        for (int seed = 0; seed < 2 * SEEDS; seed++) {
            Trial trial = new Trial(seed);
            trial.holdPlainly();
            elections += trial.reference.elections.size();
            leavers +=
                    trial.reference.rows.values().stream()
                            .mapToInt(row -> row.leftAt() == null ? 0 : 1)
                            .sum();
        }
        assertThat(elections).as("the trials are worth something").isGreaterThan(20 * SEEDS);
        assertThat(leavers).isGreaterThan(2 * SEEDS);
    }

    @Test
    void everyColumnAndEveryElectionOfTheJobAreAsDefined() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Trial(seed).run();
        }
    }

    private static final class Trial {

        private final int seed;
        private final Random random;
        private final int days;
        private final List<Rules> versions = new ArrayList<>();
        private final Map<Integer, NavigableMap<Long, Long>> hits = new HashMap<>();
        private final List<Step> steps = new ArrayList<>();
        private final long wholeFrom;
        private final ReferenceElection reference;

        Trial(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.days = 1 + random.nextInt(3);
            makeVersions();
            makeTraffic();
            makeWatermarks();
            wholeFrom = random.nextBoolean() ? 0 : FIRST + random.nextInt(600);
            reference = new ReferenceElection(hits, versions, wholeFrom);
        }

        private void makeVersions() {
            int count = 1 + random.nextInt(3);
            long from = 0;
            int interval = 1;
            for (int version = 1; version <= count; version++) {
                int[] window = WINDOWS[random.nextInt(WINDOWS.length)];
                if (version > 1) {
                    // every interval divides the next greater one
                    int common = Math.max(interval, window[1]);
                    long notBefore = Math.max(from, FIRST + random.nextInt(days * 1440));
                    from = (notBefore + common - 1) / common * common;
                }
                interval = window[1];
                versions.add(
                        new Rules(
                                version,
                                from,
                                window[0],
                                window[1],
                                1 + random.nextInt(40),
                                1 + random.nextInt(SITES / 2),
                                window[0] + random.nextInt(600)));
            }
        }

        private void makeTraffic() {
            int[] interval = {60, 15, 5};
            for (int site = 1; site <= SITES; site++) {
                TreeMap<Long, Long> minutes = new TreeMap<>();
                long minute = FIRST + random.nextInt(300);
                int pace = interval[random.nextInt(interval.length)];
                while (minute < FIRST + days * 1440L) {
                    // ties: few values, and many sites in the same minutes
                    long value = 1L + random.nextInt(4);
                    if (random.nextInt(10) < 6) {
                        minute = (minute + 14) / 15 * 15;
                    }
                    minutes.put(minute, value);
                    arrive(site, minute, value);
                    minute += 1 + random.nextInt(pace);
                    if (random.nextInt(60) == 0) {
                        minute += random.nextInt(1000);
                    }
                }
                if (!minutes.isEmpty()) {
                    hits.put(site, minutes);
                }
            }
        }

        /** A minute's row when it ends, and for some a lower one before. */
        private void arrive(int site, long minute, long value) {
            long end = (minute + 1) * MINUTE;
            long settle = ElectionRun.SETTLE.toMillis();
            long at = end;
            if (value > 1 && random.nextInt(3) == 0) {
                steps.add(new Step(at, site, minute, 1 + random.nextInt((int) value - 1)));
                at = end + (long) (random.nextDouble() * settle);
                at = Math.max(end + 1, Math.min(at, end + settle - 1));
            }
            steps.add(new Step(at, site, minute, value));
        }

        private void makeWatermarks() {
            long at = FIRST * MINUTE;
            long newest = steps.stream().mapToLong(Step::minute).max().orElse(FIRST);
            while (at < newest * MINUTE) {
                at +=
                        random.nextInt(20) == 0
                                ? random.nextInt((int) Duration.ofHours(6).toMillis())
                                : random.nextInt((int) Duration.ofMinutes(30).toMillis());
                at = Math.min(at, newest * MINUTE);
                steps.add(new Step(at, 0, 0, 0));
            }
            steps.sort(Comparator.comparingLong(Step::at));
        }

        void run() throws Exception {
            boolean isBroadcast = random.nextBoolean();
            MemoryStore store = MemoryStore.of(settings(versions.get(0)));
            if (!isBroadcast) {
                versions.stream().skip(1).forEach(rules -> store.add(settings(rules)));
            }
            try (ElectionRun run =
                    new ElectionRun(store, 1 + random.nextInt(3), wholeFrom * MINUTE, random)) {
                int known = isBroadcast ? 1 : versions.size();
                for (Step step : steps) {
                    while (known < versions.size() && mustKnow(versions.get(known), step.at())) {
                        run.version(settings(versions.get(known++)));
                    }
                    if (step.hits() > 0) {
                        run.minute(step.site(), step.minute() * MINUTE, step.hits());
                    } else {
                        run.watermark(step.at());
                        if (random.nextInt(150) == 0) {
                            run.restart(1 + random.nextInt(3));
                        }
                    }
                }
                while (known < versions.size()) {
                    run.version(settings(versions.get(known++)));
                }
                run.toTheEnd();
                compare(run.table(), run.elections(), run.elected(), run.skipped());
                assertThat(run.entriesOfSites() + run.timersOfSites())
                        .as("state of sites in the end, seed %d", seed)
                        .isZero();
            }
        }

        /** A version is known when its first election is due, some time or just before. */
        private boolean mustKnow(Rules rules, long at) {
            long due = rules.from() * MINUTE + ElectionRun.SETTLE.toMillis();
            return at >= due || (at >= due - 30 * MINUTE && random.nextInt(500) == 0);
        }

        void holdPlainly() {
            PlainElections plain =
                    new PlainElections(
                            versions.stream().map(Trial::settings).toList(), wholeFrom * MINUTE);
            hits.forEach(
                    (site, minutes) ->
                            minutes.forEach(
                                    (minute, count) -> plain.minute(site, minute * MINUTE, count)));
            plain.holdAll();
            compare(plain.table(), plain.elections(), plain.elected(), plain.skipped());
        }

        private void compare(
                Map<Integer, TopSite> table,
                List<Election> elections,
                List<TopSite> elected,
                long skipped) {
            Map<Integer, Row> rows = new TreeMap<>();
            table.forEach((site, row) -> rows.put(site, row(row)));
            assertThat(rows)
                    .as("list of seed %d with %s", seed, versions)
                    .isEqualTo(reference.rows);
            assertThat(elections.stream().map(Trial::outcome).toList())
                    .as("elections of seed %d with %s", seed, versions)
                    .isEqualTo(reference.elections);
            assertThat(elected.stream().map(Trial::nominee))
                    .as("candidates of seed %d with %s", seed, versions)
                    .containsExactlyInAnyOrderElementsOf(reference.nominees);
            assertThat(skipped).as("seed %d", seed).isEqualTo(reference.skipped);
        }

        private static ElectionSettings settings(Rules rules) {
            return new ElectionSettings(
                    rules.version(),
                    rules.version() == 1 ? Long.MIN_VALUE : rules.from() * MINUTE,
                    rules.window() * MINUTE,
                    rules.interval() * MINUTE,
                    rules.minHits(),
                    rules.maxEntries(),
                    rules.retention() * MINUTE);
        }

        private static Row row(TopSite site) {
            Long leftAt = site.leftAtMillis();
            return new Row(
                    site.totalHits(),
                    site.lastElectionHits(),
                    site.timesElected(),
                    site.firstSeenMillis() / MINUTE,
                    site.lastSeenMillis() / MINUTE,
                    site.countedUntilMillis() / MINUTE,
                    leftAt == null ? null : leftAt / MINUTE,
                    site.boundaryMillis() / MINUTE);
        }

        private static Outcome outcome(Election election) {
            return new Outcome(
                    election.boundaryMillis() / MINUTE,
                    election.windowStartMillis() / MINUTE,
                    election.version(),
                    election.candidates(),
                    election.listed(),
                    election.entered(),
                    election.left());
        }

        private static Nominee nominee(TopSite site) {
            return new Nominee(
                    site.boundaryMillis() / MINUTE,
                    site.siteId(),
                    site.lastElectionHits(),
                    site.lastSeenMillis() / MINUTE);
        }
    }

    /** A row of a minute, or without hits a watermark. */
    private record Step(long at, int site, long minute, long hits) {}
}
