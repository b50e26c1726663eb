/** What a benchmark of throughput needs around its contestants: requests, servers, processes. */
@NullMarked
package io.weir.benchmarks.throughput;

import org.jspecify.annotations.NullMarked;
