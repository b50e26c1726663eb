/** The job on a real Kafka, a real PostgreSQL and a Flink cluster in this process, for tests. */
@NullMarked
package io.weir.rig;

import org.jspecify.annotations.NullMarked;
