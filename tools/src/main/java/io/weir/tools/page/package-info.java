/** The page: what the store holds, for a browser, without Grafana. */
@NullMarked
package io.weir.tools.page;

import org.jspecify.annotations.NullMarked;
