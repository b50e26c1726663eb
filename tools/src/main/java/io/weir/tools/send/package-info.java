/** What is sent to Kafka, generated requests among it, and who sends it. */
@NullMarked
package io.weir.tools.send;

import org.jspecify.annotations.NullMarked;
