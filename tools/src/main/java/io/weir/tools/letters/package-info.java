/** Dead letters and late requests: reading them, and sending dead letters again. */
@NullMarked
package io.weir.tools.letters;

import org.jspecify.annotations.NullMarked;
