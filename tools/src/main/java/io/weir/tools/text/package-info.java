/** Words that all commands use. */
@NullMarked
package io.weir.tools.text;

import org.jspecify.annotations.NullMarked;
