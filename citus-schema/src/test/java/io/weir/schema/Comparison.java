package io.weir.schema;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * Two ranges, bucket by bucket, and the tests that docs/statistics.md describes, over the requests
 * themselves. Each answer is first, second, change and p.
 */
record Comparison(List<Requests> first, List<Requests> second, int minutes) {

    double[] requests() {
        double a = sum(first, Requests::count);
        double b = sum(second, Requests::count);
        int buckets = first.size() + second.size();
        boolean isPaired = first.size() == second.size();
        double chi2 = 0;
        int pairs = 0;
        for (int i = 0; i < first.size() && isPaired; i++) {
            double both = (double) first.get(i).count() + second.get(i).count();
            if (both > 0) {
                pairs++;
                chi2 += term((double) first.get(i).count(), both * a / (a + b));
                chi2 += term((double) second.get(i).count(), both * b / (a + b));
            }
        }
        if (!isPaired) {
            chi2 =
                    sum(first, bucket -> term((double) bucket.count(), a / first.size()))
                            + sum(
                                    second,
                                    bucket -> term((double) bucket.count(), b / second.size()));
        }
        int df = isPaired ? pairs - 1 : buckets - 2;
        double error =
                Math.sqrt(
                        Math.max(1, chi2 / df)
                                * (a + b)
                                / buckets
                                * (1.0 / first.size() + 1.0 / second.size()));
        return answer(
                a / first.size() * 60 / minutes,
                b / second.size() * 60 / minutes,
                (b / second.size() - a / first.size()) / error,
                df);
    }

    private static double term(double seen, double expected) {
        return (seen - expected) * (seen - expected) / expected;
    }

    double[] errors() {
        double chi2 = 0;
        int df = 0;
        for (List<Requests> side : List.of(first, second)) {
            double share = share(side);
            if (share == 0 || share == 1) {
                continue; // what is always the same does not scatter
            }
            List<Requests> used = side.stream().filter(bucket -> bucket.count() > 0).toList();
            df += used.size() - 1;
            chi2 +=
                    sum(
                            used,
                            bucket ->
                                    term((double) bucket.errors(), bucket.count() * share)
                                            / (1 - share));
        }
        double a = sum(first, Requests::count);
        double b = sum(second, Requests::count);
        double pooled = (sum(first, Requests::errors) + sum(second, Requests::errors)) / (a + b);
        double error = Math.sqrt(Math.max(1, chi2 / df) * pooled * (1 - pooled) * (1 / a + 1 / b));
        return answer(share(first), share(second), (share(second) - share(first)) / error, df);
    }

    private static double share(List<Requests> side) {
        return sum(side, Requests::errors) / sum(side, Requests::count);
    }

    double[] responseTimes() {
        Mean a = Mean.of(first);
        Mean b = Mean.of(second);
        double variance = a.variance + b.variance;
        double df =
                variance
                        * variance
                        / (a.variance * a.variance / (a.buckets - 1)
                                + b.variance * b.variance / (b.buckets - 1));
        return answer(a.msec, b.msec, (b.msec - a.msec) / Math.sqrt(variance), (int) df);
    }

    /** Of response times, with the variance of the mean. */
    private record Mean(double msec, double variance, int buckets) {

        static Mean of(List<Requests> side) {
            DescriptiveStatistics all = new DescriptiveStatistics();
            side.forEach(bucket -> bucket.times().forEach(micros -> all.addValue(micros / 1000.0)));
            DescriptiveStatistics deviations = new DescriptiveStatistics();
            for (Requests bucket : side) {
                double sum = bucket.times().stream().mapToLong(micros -> micros).sum() / 1000.0;
                if (!bucket.times().isEmpty()) {
                    deviations.addValue(sum - all.getMean() * bucket.times().size());
                }
            }
            double clustered =
                    deviations.getVariance() * deviations.getN() / Math.pow((double) all.getN(), 2);
            return new Mean(
                    all.getMean(),
                    Math.max(clustered, all.getVariance() / all.getN()),
                    (int) deviations.getN());
        }
    }

    double[] visitors() {
        double a = visitors(first);
        double b = visitors(second);
        double error = Math.sqrt(2 * 1.04 * 1.04 / 2048 + 1 / a + 1 / b);
        double z = first.size() == second.size() ? Math.log(b / a) / error : Double.NaN;
        return answer(a, b, z, first.size() + second.size() - 2);
    }

    private static double visitors(List<Requests> side) {
        return (double)
                new Requests(side.stream().flatMap(bucket -> bucket.all().stream()).toList())
                        .visitors();
    }

    private static double sum(List<Requests> side, ToDoubleFunction<Requests> number) {
        return side.stream().mapToDouble(number).sum();
    }

    private static double[] answer(double first, double second, double t, int df) {
        double p =
                Double.isNaN(t) ? t : 2 * new TDistribution(df).cumulativeProbability(-Math.abs(t));
        return new double[] {first, second, second / first - 1, p};
    }
}
