/** Measures what decisions rest on, side by side in one run. */
@NullMarked
package io.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
