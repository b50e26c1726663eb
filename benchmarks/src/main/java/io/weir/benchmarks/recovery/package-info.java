/** What a failure costs: a Flink cluster of processes that are killed. */
@NullMarked
package io.weir.benchmarks.recovery;

import org.jspecify.annotations.NullMarked;
