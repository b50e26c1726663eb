/** What a benchmark needs of the sets of ids themselves. */
@NullMarked
package io.weir.deduplicate;

import org.jspecify.annotations.NullMarked;
