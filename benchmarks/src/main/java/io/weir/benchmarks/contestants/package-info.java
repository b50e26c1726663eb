/**
 * Ways to count requests: Weir's, and others as their users would write them. They know nothing of
 * each other.
 */
@NullMarked
package io.weir.benchmarks.contestants;

import org.jspecify.annotations.NullMarked;
