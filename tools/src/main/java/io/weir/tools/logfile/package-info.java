/** Log files as people have them: compressed, rotated, growing, or from a pipe. */
@NullMarked
package io.weir.tools.logfile;

import org.jspecify.annotations.NullMarked;
