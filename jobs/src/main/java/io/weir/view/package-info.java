/** Views of one's own: what requests are broken down by. */
@NullMarked
package io.weir.view;

import org.jspecify.annotations.NullMarked;
