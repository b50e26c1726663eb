/** Another decoder of requests, beside the job's own and with its rules, to compare the two. */
@NullMarked
package io.weir.request;

import org.jspecify.annotations.NullMarked;
