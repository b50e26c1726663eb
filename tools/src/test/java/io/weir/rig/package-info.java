/**
 * The job on a real Kafka, a real PostgreSQL and a Flink cluster in this process, and typed
 * commands.
 */
@NullMarked
package io.weir.rig;

import org.jspecify.annotations.NullMarked;
