package io.weir.intake;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader reports to the enumerator how far its watermark has come.
 *
 * @param millis epoch milliseconds, {@code Long.MIN_VALUE} before the first watermark
 * @param isIdle whether all its partitions are idle, or it has none
 */
record ReaderWatermark(long millis, boolean isIdle) implements SourceEvent {
    private static final long serialVersionUID = 1;
}
