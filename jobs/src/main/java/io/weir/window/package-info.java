/** From requests to rows: pre-aggregation and the windows of all grains. */
@NullMarked
package io.weir.window;

import org.jspecify.annotations.NullMarked;
