/** How values are written, on the wire and in state. */
@NullMarked
package io.weir.serialize;

import org.jspecify.annotations.NullMarked;
