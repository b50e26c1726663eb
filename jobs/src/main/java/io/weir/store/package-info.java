/** Writing rows to PostgreSQL or Citus. */
@NullMarked
package io.weir.store;

import org.jspecify.annotations.NullMarked;
