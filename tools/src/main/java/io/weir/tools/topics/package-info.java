/** The topics that a job needs: making them, and how existing ones differ. */
@NullMarked
package io.weir.tools.topics;

import org.jspecify.annotations.NullMarked;
