package io.weir.benchmarks.throughput;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Which site a request goes to: site 1 is the busiest. */
final class SiteDraw {

    private static final double HOT_SHARE = 0.9;

    private final double[] cumulativeShare;
    private final boolean isHot;

    SiteDraw(int sites, double zipf, boolean isHot) {
        this.isHot = isHot;
        cumulativeShare = new double[sites];
        double sum = 0;
        for (int i = 0; i < sites; i++) {
            sum += Math.pow(i + 1, -zipf);
            cumulativeShare[i] = sum;
        }
    }

    int draw(SplittableRandom random) {
        if (isHot && random.nextDouble() < HOT_SHARE) {
            return 1;
        }
        int last = cumulativeShare.length - 1;
        int at = Arrays.binarySearch(cumulativeShare, random.nextDouble() * cumulativeShare[last]);
        return 1 + Math.min(at < 0 ? -at - 1 : at + 1, last);
    }
}
