/** What a policy takes on disk, computed from measured bytes a row. */
@NullMarked
package io.weir.tools.budget;

import org.jspecify.annotations.NullMarked;
