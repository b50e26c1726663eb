package io.weir.tools.send;

import java.util.List;

/**
 * Random numbers that are the same for the same seed on every machine and Java version: SplitMix64,
 * and arithmetic that is exactly specified.
 */
final class Draws {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private Draws(long state) {
        this.state = state;
    }

    /** Numbers that depend on nothing but the two given, so that any record can be made alone. */
    static Draws of(long seed, long sequence) {
        return new Draws(mix(mix(seed) + GOLDEN_GAMMA * sequence));
    }

    /** SplitMix64's finalizer; two different numbers never give the same one. */
    static long mix(long number) {
        long z = number;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** One of 0 .. bound - 1. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** One of from .. to. */
    long between(long from, long to) {
        return from + (long) (fraction() * (to - from + 1));
    }

    <T> T oneOf(List<T> things) {
        return things.get(below(things.size()));
    }

    boolean oneIn(int number) {
        return below(number) == 0;
    }

    /** At least 0, below 1. */
    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** Nearly normal with mean 0 and deviation 1: the sum of four even draws; within 3.5 of 0. */
    double nearNormal() {
        long bits = next();
        long sum =
                (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum / 65536.0 - 2) * 1.7320508075688772;
    }
}
