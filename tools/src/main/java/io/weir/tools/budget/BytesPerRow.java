package io.weir.tools.budget;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Bytes on disk of a row, by the requests of its bucket.
 *
 * <p>Between two numbers of requests that were measured it is a straight line over their logarithm;
 * outside of them it is that of the nearest.
 */
public final class BytesPerRow {

    private final NavigableMap<Double, Double> measured;

    /**
     * @param measured bytes by requests, at least one
     */
    public BytesPerRow(Map<Double, Double> measured) {
        this.measured = new TreeMap<>(measured);
    }

    /**
     * Written as pairs: {@code "1 275, 5 506"} are 275 bytes with one request and 506 with five.
     */
    static BytesPerRow of(String pairs) {
        NavigableMap<Double, Double> measured = new TreeMap<>();
        for (String pair : pairs.split(", ", -1)) {
            int space = pair.indexOf(' ');
            measured.put(
                    Double.valueOf(pair.substring(0, space)),
                    Double.valueOf(pair.substring(space + 1)));
        }
        return new BytesPerRow(measured);
    }

    /** Of a row with this many requests, which can be a mean. */
    public double of(double requests) {
        Map.Entry<Double, Double> below = measured.floorEntry(requests);
        Map.Entry<Double, Double> above = measured.ceilingEntry(requests);
        if (below == null) {
            return measured.firstEntry().getValue();
        }
        if (above == null || below.getKey().equals(above.getKey())) {
            return below.getValue();
        }
        double part =
                Math.log(requests / below.getKey()) / Math.log(above.getKey() / below.getKey());
        return below.getValue() + part * (above.getValue() - below.getValue());
    }
}
