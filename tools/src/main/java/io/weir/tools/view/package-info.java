/** Views of one's own, shown to people. */
@NullMarked
package io.weir.tools.view;

import org.jspecify.annotations.NullMarked;
