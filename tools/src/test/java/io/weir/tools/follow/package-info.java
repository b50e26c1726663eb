@NullMarked
package io.weir.tools.follow;

import org.jspecify.annotations.NullMarked;
