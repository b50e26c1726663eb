package io.weir.tools.budget;

/**
 * What a table takes on disk at most, which is just before its oldest partition is dropped.
 *
 * @param policy whose computation this is
 * @param rows in all partitions
 * @param heapBytes of partitions that can be written to, with TOAST and indexes
 * @param archivedBytes of columnar partitions
 */
public record TableBudget(TablePolicy policy, double rows, double heapBytes, double archivedBytes) {

    public double bytes() {
        return heapBytes + archivedBytes;
    }
}
