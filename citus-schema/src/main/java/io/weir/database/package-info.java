/** Talking to a database that holds Weir's schema: who asks, how, and what a failure means. */
@NullMarked
package io.weir.database;

import org.jspecify.annotations.NullMarked;
