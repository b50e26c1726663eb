package io.weir.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What one run does, drawn from its seed.
 *
 * @param isDeduplicated whether the job looks for duplicates
 * @param hasIdleness whether partitions become idle; then the first step is a backlog, in which the
 *     garbage of one partition takes longer to read than the idleness
 * @param silentPartition gets no records from {@code silentFrom} to {@code silentTo}
 * @param steps one after the other
 */
record Plan(
        long seed,
        int partitions,
        boolean isDeduplicated,
        boolean hasIdleness,
        int silentPartition,
        int silentFrom,
        int silentTo,
        List<Step> steps) {

    /** Records of the first step are sent from here on: an hour and a day end in each run. */
    static final Instant START = Instant.parse("2026-01-09T23:40:00Z");

    static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(10);
    static final Duration MAX_AHEAD = Duration.ofMinutes(1);

    /** Less than max-ahead and a minute: no partition is read so far ahead of another. */
    private static final Duration STEP = Duration.ofSeconds(90);

    private static final Duration BACKLOG = Duration.ofMinutes(15);
    private static final int STEPS = 12;
    private static final int DISTURBED = 7;
    private static final List<Duration> LATENESS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(3), Duration.ofMinutes(6));

    /**
     * Some time of the run.
     *
     * @param fromMillis when its first record is sent, by the records' timestamps
     * @param lateness the allowed lateness under which its records are read
     * @param disturbance what happens while its records are sent
     * @param parallelism of the job afterwards
     */
    record Step(
            long fromMillis,
            long toMillis,
            Duration lateness,
            Disturbance disturbance,
            int parallelism) {}

    /** The same for the same seed. */
    static Plan draw(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        int partitions = 2 + random.nextInt(3);
        boolean hasIdleness = random.nextBoolean();
        int silentFrom = 3 + random.nextInt(4);
        return new Plan(
                seed,
                partitions,
                random.nextInt(4) > 0,
                hasIdleness,
                random.nextInt(partitions),
                silentFrom,
                silentFrom + 1 + random.nextInt(4),
                steps(random, partitions, hasIdleness));
    }

    private static List<Step> steps(Random random, int partitions, boolean hasIdleness) {
        List<Disturbance> disturbances = disturbances(random);
        List<Step> steps = new ArrayList<>();
        long from = START.toEpochMilli();
        Duration lateness = otherThan(LATENESS.get(LATENESS.size() - 1), random);
        int parallelism = 1 + random.nextInt(Math.min(3, partitions));
        for (int i = 0; i < STEPS; i++) {
            long to = from + (i == 0 && hasIdleness ? BACKLOG : STEP).toMillis();
            Disturbance disturbance = disturbances.get(i);
            if (disturbance == Disturbance.RESUMES_RESCALED) {
                parallelism = 1 + parallelism % Math.min(3, partitions);
            }
            steps.add(new Step(from, to, lateness, disturbance, parallelism));
            if (disturbance == Disturbance.RESUMES_WITH_OTHER_SETTINGS) {
                lateness = otherThan(lateness, random);
            }
            from = to;
        }
        return steps;
    }

    /** Settings are changed in every run, for nothing else shows that what is closed stays so. */
    private static List<Disturbance> disturbances(Random random) {
        List<Disturbance> all = new ArrayList<>(List.of(Disturbance.values()));
        all.remove(Disturbance.NOTHING);
        all.remove(Disturbance.RESUMES_WITH_OTHER_SETTINGS);
        Collections.shuffle(all, random);
        List<Disturbance> drawn = new ArrayList<>(all.subList(0, DISTURBED - 1));
        drawn.add(Disturbance.RESUMES_WITH_OTHER_SETTINGS);
        while (drawn.size() < STEPS - 1) {
            drawn.add(Disturbance.NOTHING);
        }
        Collections.shuffle(drawn, random);
        drawn.add(Disturbance.NOTHING);
        return drawn;
    }

    private static Duration otherThan(Duration lateness, Random random) {
        List<Duration> others = new ArrayList<>(LATENESS);
        others.remove(lateness);
        return others.get(random.nextInt(others.size()));
    }

    Instant end() {
        return Instant.ofEpochMilli(steps.get(steps.size() - 1).toMillis());
    }

    /** The step in which a record is sent. */
    int stepAt(long timestampMillis) {
        int step = 0;
        while (step < steps.size() - 1 && timestampMillis >= steps.get(step).toMillis()) {
            step++;
        }
        return step;
    }

    boolean isSilent(int partition, int step) {
        return partition == silentPartition && step >= silentFrom && step < silentTo;
    }

    /** For people. */
    String describe() {
        return "%d partitions, deduplication %s, idleness %s, lateness %s; %s"
                .formatted(
                        partitions,
                        isDeduplicated ? "on" : "off",
                        hasIdleness ? "on" : "off",
                        steps.stream()
                                .map(step -> step.lateness().toMinutes() + " min")
                                .distinct()
                                .collect(Collectors.joining(", ")),
                        steps.stream()
                                .map(Step::disturbance)
                                .filter(disturbance -> disturbance != Disturbance.NOTHING)
                                .map(Disturbance::toString)
                                .collect(Collectors.joining("; ")));
    }
}
