package io.weir.election;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;

/**
 * Ticks at which the settings are read, at once and then twice a minute. The source is idle from
 * its first moment, so that it neither holds event time up nor, when all partitions are idle, lets
 * elections run ahead.
 */
public final class SettingsClock {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private SettingsClock() {}

    public static DataGeneratorSource<Long> source() {
        return new DataGeneratorSource<>(
                tick -> tick,
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(1.0 / INTERVAL.toSeconds()),
                Types.LONG);
    }

    public static WatermarkStrategy<Long> idle() {
        return WatermarkStrategy.forGenerator(context -> new Idle());
    }

    private static final class Idle implements WatermarkGenerator<Long> {

        @Override
        public void onEvent(Long tick, long timestamp, WatermarkOutput output) {
            output.markIdle();
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.markIdle();
        }
    }
}
