package io.weir.gate;

import io.weir.tools.recount.RowKey;
import io.weir.tools.recount.RowTable;
import io.weir.tools.recount.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must come of a run, by the rules as they read and with no thought of speed: a partition's
 * clock decides what is late, a minute once closed stays closed, and an id counts once if a copy of
 * it is on time. It shares nothing with the job.
 */
final class Truth {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Plan plan;
    private final Map<RowTable, Map<RowKey, Tally>> rows = emptyRows();
    private final Map<RowTable, Map<RowKey, Tally>> lateRows = emptyRows();
    private final Map<Integer, Intake> intake = new TreeMap<>();
    private final Set<String> lateLetters = new TreeSet<>();
    private final Set<String> rejectedLetters = new TreeSet<>();
    private long counted;

    /** What became of the records of a partition. */
    static final class Intake {
        private long read;
        private long countedOrDuplicate;
        private long late;
        private long rejected;

        String text() {
            return "%d %d %d %d".formatted(read, countedOrDuplicate, late, rejected);
        }
    }

    /** A partition's clock and how far it has closed its minutes. */
    private static final class Clock {
        private long millis = Long.MIN_VALUE;
        private long closedUntilMillis = Long.MIN_VALUE;

        boolean isLate(SentRecord sent, SentRequest request, Duration lateness) {
            long latest = Math.max(request.eventTimeMillis(), sent.timestampMillis());
            millis = Math.max(millis, latest - Plan.OUT_OF_ORDERNESS.toMillis());
            closedUntilMillis = Math.max(closedUntilMillis, millis - lateness.toMillis());
            return (request.eventTimeMillis() / MINUTE + 1) * MINUTE <= closedUntilMillis;
        }
    }

    /** A late request, of which it is not known yet whether a copy of it counts. */
    private record Late(int partition, long offset, SentRequest request) {}

    private Truth(Plan plan) {
        this.plan = plan;
    }

    static Truth of(Plan plan, List<List<SentRecord>> steps) {
        Truth truth = new Truth(plan);
        truth.judge(steps);
        return truth;
    }

    private void judge(List<List<SentRecord>> steps) {
        Map<Integer, Clock> clocks = new HashMap<>();
        Map<String, Long> countedAt = new HashMap<>();
        List<Late> late = new ArrayList<>();
        for (int step = 0; step < steps.size(); step++) {
            Duration lateness = plan.steps().get(step).lateness();
            for (SentRecord sent : steps.get(step)) {
                Intake tally = intakeOf(sent.partition());
                long offset = tally.read++;
                SentRequest request = sent.request();
                if (request == null) {
                    tally.rejected++;
                    rejectedLetters.add(
                            letter(
                                    sent.partition(),
                                    offset,
                                    Objects.requireNonNull(sent.reason()).code()));
                } else if (clocks.computeIfAbsent(sent.partition(), partition -> new Clock())
                        .isLate(sent, request, lateness)) {
                    late.add(new Late(sent.partition(), offset, request));
                } else {
                    onTime(request, tally, countedAt);
                }
            }
        }
        Set<String> lateIds = new HashSet<>();
        late.forEach(each -> late(each, countedAt, lateIds));
    }

    private void onTime(SentRequest request, Intake tally, Map<String, Long> countedAt) {
        String id = identity(request);
        Long before = id == null ? null : countedAt.putIfAbsent(id, request.eventTimeMillis());
        tally.countedOrDuplicate++;
        if (before == null) {
            counted++;
            tallies(rows, request.siteId(), request.eventTimeMillis())
                    .forEach(row -> row.add(request.counted()));
        } else {
            tallies(rows, request.siteId(), before).forEach(Tally::addDuplicate);
        }
    }

    private void late(Late late, Map<String, Long> countedAt, Set<String> lateIds) {
        Intake tally = intakeOf(late.partition());
        String id = identity(late.request());
        if (id != null && countedAt.containsKey(id)) {
            tally.countedOrDuplicate++;
            return;
        }
        tally.late++;
        lateLetters.add(letter(late.partition(), late.offset(), ""));
        if (id == null || lateIds.add(id)) {
            tallies(lateRows, late.request().siteId(), late.request().eventTimeMillis())
                    .forEach(row -> row.add(late.request().counted()));
        }
    }

    private Intake intakeOf(int partition) {
        return intake.computeIfAbsent(partition, number -> new Intake());
    }

    private @Nullable String identity(SentRequest request) {
        return plan.isDeduplicated() && request.id() != null
                ? request.siteId() + "/" + request.id()
                : null;
    }

    private static List<Tally> tallies(
            Map<RowTable, Map<RowKey, Tally>> rows, int siteId, long eventTimeMillis) {
        List<Tally> tallies = new ArrayList<>();
        rows.forEach(
                (table, ofTable) ->
                        tallies.add(
                                ofTable.computeIfAbsent(
                                        new RowKey(siteId, table.bucketOf(eventTimeMillis)),
                                        key -> new Tally())));
        return tallies;
    }

    /**
     * A letter in one text.
     *
     * @param reason of a rejected record, empty for a late request
     */
    static String letter(Object partition, Object offset, String reason) {
        return (partition + "/" + offset + " " + reason).strip();
    }

    private static Map<RowTable, Map<RowKey, Tally>> emptyRows() {
        Map<RowTable, Map<RowKey, Tally>> rows = new EnumMap<>(RowTable.class);
        for (RowTable table : RowTable.values()) {
            rows.put(table, new TreeMap<>());
        }
        return rows;
    }

    /** How many requests the main job counts. */
    long counted() {
        return counted;
    }

    /** What the main job counts, by table. */
    Map<RowTable, Map<RowKey, Tally>> rows() {
        return rows;
    }

    /** What the late job counts, by table. */
    Map<RowTable, Map<RowKey, Tally>> lateRows() {
        return lateRows;
    }

    /** By partition. */
    Map<Integer, Intake> intake() {
        return intake;
    }

    Set<String> lateLetters() {
        return lateLetters;
    }

    Set<String> rejectedLetters() {
        return rejectedLetters;
    }
}
