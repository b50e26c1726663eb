/** The election of the top sites, shown to people. */
@NullMarked
package io.weir.tools.top;

import org.jspecify.annotations.NullMarked;
