@NullMarked
package io.weir.tools.logfile;

import org.jspecify.annotations.NullMarked;
