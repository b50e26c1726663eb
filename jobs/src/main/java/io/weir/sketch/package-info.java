/** Mergeable summaries of many values: distinct visitors and response times. */
@NullMarked
package io.weir.sketch;

import org.jspecify.annotations.NullMarked;
