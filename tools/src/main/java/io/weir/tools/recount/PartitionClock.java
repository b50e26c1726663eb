package io.weir.tools.recount;

/**
 * How far the time of a partition has come: the latest event time or record timestamp of its valid
 * requests, late ones too, less the out-of-orderness.
 */
final class PartitionClock {

    private final LatenessRule rule;
    private long millis = LatenessRule.NEVER;

    PartitionClock(LatenessRule rule) {
        this.rule = rule;
    }

    /** Counts a valid request into the clock, and then says whether it is late. */
    boolean isLate(long eventTimeMillis, long timestampMillis) {
        advance(eventTimeMillis);
        if (rule.isByArrival()) {
            advance(timestampMillis);
        }
        return hasClosed(RowTable.MINUTES.endOf(RowTable.MINUTES.bucketOf(eventTimeMillis)));
    }

    private void advance(long timeMillis) {
        millis = Math.max(millis, timeMillis - rule.outOfOrdernessMillis());
    }

    /** Whether every further request of a minute that ends then, or earlier, is late. */
    boolean hasClosed(long endMillis) {
        return endMillis <= closedUntil();
    }

    /** The end of the last minute that takes nothing more, or some instant after it. */
    long closedUntil() {
        return millis == LatenessRule.NEVER ? LatenessRule.NEVER : millis - rule.allowedMillis();
    }

    /**
     * The same, where every record to come will have at least this timestamp.
     *
     * @param timestampMillis {@link LatenessRule#NEVER} where nothing is known of it
     */
    long closedUntil(long timestampMillis) {
        return rule.isByArrival() && timestampMillis != LatenessRule.NEVER
                ? Math.max(
                        closedUntil(),
                        timestampMillis - rule.outOfOrdernessMillis() - rule.allowedMillis())
                : closedUntil();
    }
}
