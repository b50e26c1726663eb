package io.weir.tools.send;

import java.util.Arrays;

/**
 * The made-up websites: site 1 is the busiest, and site n has one n-th of its traffic (Zipf's law).
 *
 * <p>Each has its own typical response time and its own visitors; a few fail more than others.
 */
final class Sites {

    private static final double REQUESTS_PER_VISITOR = 20;
    private static final int ONE_FAILING_IN = 12;

    private final long seed;
    private final double[] cumulativeShare;

    Sites(long seed, int count) {
        this.seed = seed;
        this.cumulativeShare = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += 1.0 / (i + 1);
            cumulativeShare[i] = sum;
        }
        for (int i = 0; i < count; i++) {
            cumulativeShare[i] /= sum;
        }
    }

    int drawSite(Draws draws) {
        int index = Arrays.binarySearch(cumulativeShare, draws.fraction());
        return 1 + Math.min(index < 0 ? -index - 1 : index + 1, cumulativeShare.length - 1);
    }

    /** The least visited site. */
    int last() {
        return cumulativeShare.length;
    }

    /** Half of the site's responses take less: 15 ms to 250 ms. */
    long medianResponseNanos(int site) {
        return 15_000_000 + (character(site) >>> 40) * 235_000_000 / (1L << 24);
    }

    boolean isFailing(int site) {
        return (character(site) & 0xFFFF) % ONE_FAILING_IN == 0;
    }

    /**
     * One of the site's visitors, some of whom come far more often than others.
     *
     * @param requests the number of requests to all sites: the more, the more visitors
     * @return a number that is this visitor's own
     */
    long drawVisitor(int site, long requests, Draws draws) {
        double share = cumulativeShare[site - 1] - (site == 1 ? 0 : cumulativeShare[site - 2]);
        double visitors = Math.max(3, requests * share / REQUESTS_PER_VISITOR);
        double fraction = draws.fraction();
        long visitor = (long) (visitors * fraction * fraction);
        return Draws.mix(Draws.mix(seed ^ site) + visitor);
    }

    private long character(int site) {
        return Draws.mix(Draws.mix(seed) + site);
    }
}
