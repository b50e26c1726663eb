package io.weir.benchmarks.recovery;

import io.weir.benchmarks.throughput.Conditions;
import io.weir.benchmarks.throughput.Workload;
import java.time.Duration;

/**
 * What is measured.
 *
 * @param rate requests a second
 * @param workload more requests than are sent
 * @param before how long the job runs before its TaskManager is killed
 * @param heap of a TaskManager's tasks, in mebibytes
 */
public record RecoverySettings(
        double rate,
        Workload workload,
        Duration before,
        Duration checkpoints,
        Conditions.StateBackend state,
        int heap) {}
