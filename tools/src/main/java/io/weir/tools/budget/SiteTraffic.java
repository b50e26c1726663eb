package io.weir.tools.budget;

import java.util.stream.IntStream;

/**
 * Requests of many sites, of which site n has 1/n^zipf of the first one's.
 *
 * @param sites 1 or more
 * @param requestsPerDay of all sites together
 * @param zipf 0 or more; with 0 all sites have the same
 */
public record SiteTraffic(int sites, long requestsPerDay, double zipf) {

    /** The mean number of requests a day of each site, the busiest first. */
    public double[] requestsPerDayBySite() {
        double[] shares =
                IntStream.rangeClosed(1, sites).mapToDouble(n -> Math.pow(n, -zipf)).toArray();
        double sum = IntStream.range(0, sites).mapToDouble(i -> shares[i]).sum();
        for (int i = 0; i < sites; i++) {
            shares[i] *= requestsPerDay / sum;
        }
        return shares;
    }
}
