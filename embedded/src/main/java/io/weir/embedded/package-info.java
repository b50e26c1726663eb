/** The real Kafka and the real PostgreSQL, started in this process or beside it, from a folder. */
@NullMarked
package io.weir.embedded;

import org.jspecify.annotations.NullMarked;
