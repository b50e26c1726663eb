package io.weir.tools.budget;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What tables take on disk under a policy, computed from measured bytes a row. Late requests,
 * candidates of elections and names of sites are not in it: together they take little.
 */
public final class StorageBudget {

    /** What of a table that keeps its rows for ever is counted. */
    public static final Duration FOR_EVER = Duration.ofDays(365);

    /** How long after its end maintenance does not archive a partition. */
    private static final Duration SETTLE = Duration.ofHours(1);

    private static final double SECONDS_A_DAY = Duration.ofDays(1).toSeconds();

    private final double[] requestsPerDay;
    private final List<RowSizes> sizes;
    private final boolean canArchive;

    /**
     * @param sizes at least one, whose length no table's is below
     * @param canArchive whether the server has columnar partitions
     */
    public StorageBudget(SiteTraffic traffic, List<RowSizes> sizes, boolean canArchive) {
        this.requestsPerDay = traffic.requestsPerDayBySite();
        this.sizes = List.copyOf(sizes);
        this.canArchive = canArchive;
    }

    /** The oldest rows of a partition wait for its newest, where any are dropped at all. */
    private Duration kept(TablePolicy policy) {
        return policy.keep() == null ? FOR_EVER : policy.keep().plus(policy.partitionSpan());
    }

    /** Of a table. */
    public TableBudget of(TablePolicy policy) {
        double keptDays = days(kept(policy));
        double heapDays = keptDays;
        if (canArchive && policy.archiveAfter() != null) {
            Duration heap = longer(policy.archiveAfter(), SETTLE).plus(policy.partitionSpan());
            heapDays = Math.min(keptDays, days(heap));
        }
        RowSizes ofGrain =
                sizes.stream()
                        .filter(each -> each.length().compareTo(policy.length()) <= 0)
                        .max(Comparator.comparing(RowSizes::length))
                        .orElseThrow();
        double bucketsPerDay = SECONDS_A_DAY / policy.length().toSeconds();
        double rows = 0;
        double heap = 0;
        double columnar = 0;
        for (double ofSite : requestsPerDay) {
            double mean = ofSite / bucketsPerDay;
            // A bucket without requests has no row: requests come as in a Poisson process.
            double written = -Math.expm1(-mean);
            double requests = mean / written;
            rows += bucketsPerDay * written;
            heap += bucketsPerDay * written * ofGrain.heap().of(requests);
            columnar += bucketsPerDay * written * ofGrain.columnar().of(requests);
        }
        return new TableBudget(
                policy, rows * keptDays, heap * heapDays, columnar * (keptDays - heapDays));
    }

    /** Of all of them, in bytes. */
    public double total(List<TablePolicy> policies) {
        return policies.stream().mapToDouble(policy -> of(policy).bytes()).sum();
    }

    private static double days(Duration duration) {
        return duration.toSeconds() / SECONDS_A_DAY;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
