package io.weir.tools.recount;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recount has found.
 *
 * @param records how many were read; the slices of a range overlap, and count some twice
 * @param requests how many count in the range
 * @param compared how many rows of each table were compared
 * @param shown the first differences
 * @param differences how many there are
 * @param openFrom the buckets that end after this instant can still change; null when all are
 *     closed
 * @param open how many rows were not compared for that reason
 * @param notWhole how many rows say themselves that they lack requests
 * @param keptFrom from when on the store keeps the rows of a table, where that is after the start
 *     of the range: older ones were not compared
 */
public record RecountResult(
        long records,
        long requests,
        Map<RowTable, Long> compared,
        List<Difference> shown,
        long differences,
        @Nullable Instant openFrom,
        long open,
        long notWhole,
        Map<RowTable, Instant> keptFrom) {

    /**
     * Whether every row that the store should have is what the topic says; not where requests were
     * counted, but the store no longer keeps any row of them.
     */
    public boolean isProof() {
        return differences == 0
                && open == 0
                && notWhole == 0
                && (requests == 0 || compared.values().stream().anyMatch(rows -> rows > 0));
    }
}
