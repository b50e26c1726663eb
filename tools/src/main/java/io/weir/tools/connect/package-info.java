/** Reaching Kafka, PostgreSQL and Flink, with errors that an operator can read. */
@NullMarked
package io.weir.tools.connect;

import org.jspecify.annotations.NullMarked;
