/** Typed options of the job. */
@NullMarked
package io.weir.config;

import org.jspecify.annotations.NullMarked;
