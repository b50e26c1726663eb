/**
 * Reading from Kafka: where to start, watermarks, lateness, and the topics for what is not counted.
 */
@NullMarked
package io.weir.intake;

import org.jspecify.annotations.NullMarked;
