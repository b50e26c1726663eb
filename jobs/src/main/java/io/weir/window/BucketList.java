package io.weir.window;

import java.util.Arrays;

/** A few buckets of one grain in no order, and of each whether it has ended. */
final class BucketList {

    private static final int INITIAL_CAPACITY = 2;

    private long[] buckets = {};
    private boolean[] haveEnded = {};
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The start of the bucket at a place from 0 to {@code size - 1}, epoch milliseconds. */
    long bucket(int place) {
        return buckets[place];
    }

    boolean hasEnded(int place) {
        return haveEnded[place];
    }

    /** Adds a bucket that the list does not have. */
    void add(long bucket, boolean hasEnded) {
        if (size == buckets.length) {
            int capacity = Math.max(INITIAL_CAPACITY, size * 2);
            buckets = Arrays.copyOf(buckets, capacity);
            haveEnded = Arrays.copyOf(haveEnded, capacity);
        }
        buckets[size] = bucket;
        haveEnded[size] = hasEnded;
        size++;
    }

    /** Whether the list has a bucket, and it has not ended. */
    boolean hasOpen(long bucket) {
        int place = placeOf(bucket);
        return place >= 0 && !haveEnded[place];
    }

    /** Says that a bucket has ended, which the list may have or not. */
    void end(long bucket) {
        int place = placeOf(bucket);
        if (place >= 0) {
            haveEnded[place] = true;
        } else {
            add(bucket, true);
        }
    }

    private int placeOf(long bucket) {
        int place = size - 1;
        while (place >= 0 && buckets[place] != bucket) {
            place--;
        }
        return place;
    }

    /** Removes the bucket at a place; the last one takes it. */
    void remove(int place) {
        size--;
        buckets[place] = buckets[size];
        haveEnded[place] = haveEnded[size];
    }
}
