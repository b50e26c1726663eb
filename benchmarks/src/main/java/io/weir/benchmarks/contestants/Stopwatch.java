package io.weir.benchmarks.contestants;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time, and this process's CPU time, from its making on. */
final class Stopwatch {

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = PROCESS.getProcessCpuTime();
    private long nanos;
    private long cpuNanos;

    void stop() {
        nanos = System.nanoTime() - startNanos;
        cpuNanos = PROCESS.getProcessCpuTime() - startCpuNanos;
    }

    Effort effort(long counted) {
        return new Effort(nanos, cpuNanos, counted);
    }
}
