/** The election of the top websites from the minutes' hits. */
@NullMarked
package io.weir.election;

import org.jspecify.annotations.NullMarked;
