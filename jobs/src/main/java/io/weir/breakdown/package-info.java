/** Counting requests by the keys of a view. */
@NullMarked
package io.weir.breakdown;

import org.jspecify.annotations.NullMarked;
