/** What is sent to Kafka: generated requests and real access logs, and who sends them. */
@NullMarked
package io.weir.tools.send;

import org.jspecify.annotations.NullMarked;
