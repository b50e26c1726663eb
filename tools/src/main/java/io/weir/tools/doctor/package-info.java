/** What is wrong with a running Weir, and what to do about it. */
@NullMarked
package io.weir.tools.doctor;

import org.jspecify.annotations.NullMarked;
