/** Requests that were sent more than once are counted once. */
@NullMarked
package io.weir.deduplicate;

import org.jspecify.annotations.NullMarked;
