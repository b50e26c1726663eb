/** Flink's standalone cluster in processes of its own, and the job's life on any cluster. */
@NullMarked
package io.weir.tools.cluster;

import org.jspecify.annotations.NullMarked;
