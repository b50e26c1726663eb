package io.weir.election;

/**
 * The outcome of an election, written in one transaction.
 *
 * @param boundaryMillis when its window ends, epoch milliseconds
 * @param windowStartMillis when its window begins
 * @param version the settings that held
 * @param candidates how many sites had enough hits
 * @param listed how many sites are in the list afterwards
 * @param entered how many entered the list and stayed
 * @param left how many were in the list and were removed
 * @param changed the sites whose rows changed, all candidates among them
 */
public record Election(
        long boundaryMillis,
        long windowStartMillis,
        int version,
        int candidates,
        int listed,
        int entered,
        int left,
        TopSite[] changed) {}
