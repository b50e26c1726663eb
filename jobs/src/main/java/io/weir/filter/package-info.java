/** Filters of requests, such as {@code status >= 500 and url like '/api/%'}. */
@NullMarked
package io.weir.filter;

import org.jspecify.annotations.NullMarked;
