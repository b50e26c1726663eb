/** One HTTP request as it arrives: the Kafka record, its decoding, and why one is rejected. */
@NullMarked
package io.weir.request;

import org.jspecify.annotations.NullMarked;
