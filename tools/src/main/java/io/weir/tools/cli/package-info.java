/** The weir command. */
@NullMarked
package io.weir.tools.cli;

import org.jspecify.annotations.NullMarked;
