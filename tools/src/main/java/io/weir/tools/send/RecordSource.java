package io.weir.tools.send;

import java.time.Duration;
import java.util.Iterator;

/**
 * Records to be sent, in the order of sending; their send times never decrease.
 *
 * <p>A source can be read several times and gives the same records each time.
 */
public interface RecordSource {

    /**
     * The records from the first one on. What cannot be read any more is an {@link
     * java.io.UncheckedIOException} that names the file.
     */
    Iterator<OutgoingRecord> iterator();

    /**
     * How far a request lies behind the largest event time before it, at worst. An allowed lateness
     * of as much counts every request of this source. Zero where requests are late on purpose.
     */
    Duration worstLag();

    /** Holds the event time of every valid request. */
    TimeSpan eventTimes();

    /** The number of records, those that are no valid requests included. */
    long size();
}
