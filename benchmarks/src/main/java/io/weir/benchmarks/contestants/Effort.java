package io.weir.benchmarks.contestants;

import java.io.Serializable;

/**
 * What counting all requests took, from the first one that was read until all rows were written.
 *
 * @param cpuNanos of the process that counted, all its threads together
 * @param counted the requests in the rows afterwards
 */
public record Effort(long nanos, long cpuNanos, long counted) implements Serializable {}
