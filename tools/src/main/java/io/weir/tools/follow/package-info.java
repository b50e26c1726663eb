/** Following logs that are written to: what is appended is sent, each line once. */
@NullMarked
package io.weir.tools.follow;

import org.jspecify.annotations.NullMarked;
