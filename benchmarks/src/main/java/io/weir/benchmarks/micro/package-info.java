/** Steps of the job, each by itself, for JMH. */
@NullMarked
package io.weir.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
