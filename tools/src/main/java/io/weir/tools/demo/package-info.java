/** All of Weir on one machine: stack, job, progress, report and export. */
@NullMarked
package io.weir.tools.demo;

import org.jspecify.annotations.NullMarked;
