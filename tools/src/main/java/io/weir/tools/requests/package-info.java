/** Requests as they are in the job's topic, one by one. */
@NullMarked
package io.weir.tools.requests;

import org.jspecify.annotations.NullMarked;
