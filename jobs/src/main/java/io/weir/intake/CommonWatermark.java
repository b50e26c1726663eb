package io.weir.intake;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * The enumerator announces to idle readers the watermark of those that are not.
 *
 * @param millis epoch milliseconds
 */
record CommonWatermark(long millis) implements SourceEvent {
    private static final long serialVersionUID = 1;
}
