@NullMarked
package io.weir.tools.send;

import org.jspecify.annotations.NullMarked;
