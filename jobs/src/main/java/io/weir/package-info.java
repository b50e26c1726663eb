/** The job: its entry point and its topology. */
@NullMarked
package io.weir;

import org.jspecify.annotations.NullMarked;
