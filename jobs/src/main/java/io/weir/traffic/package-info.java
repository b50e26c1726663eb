/** What is measured of a site's requests in a span of time, and the row it becomes. */
@NullMarked
package io.weir.traffic;

import org.jspecify.annotations.NullMarked;
