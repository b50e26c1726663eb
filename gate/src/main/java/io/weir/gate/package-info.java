/**
 * {@code weir gate}: runs whose every cell is known beforehand, while everything fails that can.
 *
 * <p>A {@link io.weir.gate.Plan} is drawn from a seed, a {@link io.weir.gate.Trial} carries it out,
 * and {@link io.weir.gate.Truth} says what must come of it. A {@link io.weir.gate.Mutation} breaks
 * the job on purpose, to show that the gate would notice.
 */
@NullMarked
package io.weir.gate;

import org.jspecify.annotations.NullMarked;
