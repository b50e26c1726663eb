/** The store's tables, functions and views, and how they get into a database. */
@NullMarked
package io.weir.schema;

import org.jspecify.annotations.NullMarked;
