/** Checks of a database, each an SQL file, and what they find. */
@NullMarked
package io.weir.check;

import org.jspecify.annotations.NullMarked;
