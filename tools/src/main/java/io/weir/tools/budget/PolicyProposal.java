package io.weir.tools.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes a policy take less: first by archiving, then by keeping rows for a shorter time, always of
 * the table that takes most.
 */
public final class PolicyProposal {

    private static final Duration DAY = Duration.ofDays(1);

    /** Of tables of buckets of a day, of an hour, and of shorter ones: what nobody goes below. */
    private static final Duration LEAST_OF_DAYS = Duration.ofDays(365);

    private static final Duration LEAST_OF_HOURS = Duration.ofDays(14);

    private final StorageBudget budget;
    private final Duration leastOfAll;
    private final boolean canArchive;

    /**
     * @param leastOfAll how long every table keeps its rows at least
     */
    public PolicyProposal(StorageBudget budget, Duration leastOfAll, boolean canArchive) {
        this.budget = budget;
        this.leastOfAll = leastOfAll;
        this.canArchive = canArchive;
    }

    /**
     * The policy itself if it fits; otherwise the first one that does; otherwise the one that takes
     * least.
     *
     * @param bytes what all tables may take together
     */
    public List<TablePolicy> within(double bytes, List<TablePolicy> policy) {
        List<TablePolicy> proposed = new ArrayList<>(policy);
        if (budget.total(proposed) > bytes && canArchive) {
            proposed.replaceAll(PolicyProposal::archiving);
        }
        while (budget.total(proposed) > bytes) {
            var largest =
                    proposed.stream()
                            .filter(table -> shorter(table).compareTo(kept(table)) < 0)
                            .max(Comparator.comparing(table -> budget.of(table).bytes()));
            if (largest.isEmpty()) {
                break;
            }
            TablePolicy table = largest.get();
            proposed.set(proposed.indexOf(table), table.keeping(shorter(table)));
        }
        return proposed;
    }

    /** Soon after nothing changes any more. */
    private static TablePolicy archiving(TablePolicy table) {
        boolean isKeptLonger = table.keep() == null || table.keep().compareTo(DAY) > 0;
        return table.archiveAfter() == null && isKeptLonger ? table.archivingAfter(DAY) : table;
    }

    /** Three quarters of the time, in whole days. */
    private Duration shorter(TablePolicy table) {
        Duration least = leastOfAll;
        if (table.length().compareTo(DAY) >= 0) {
            least = LEAST_OF_DAYS;
        } else if (table.length().compareTo(Duration.ofHours(1)) >= 0) {
            least = LEAST_OF_HOURS;
        }
        Duration shorter = Duration.ofDays(kept(table).toDays() * 3 / 4);
        return shorter.compareTo(least) < 0 ? least : shorter;
    }

    private static Duration kept(TablePolicy table) {
        return table.keep() == null ? StorageBudget.FOR_EVER.multipliedBy(10) : table.keep();
    }
}
