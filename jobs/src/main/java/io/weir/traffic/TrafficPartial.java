package io.weir.traffic;

/**
 * A part of a site's traffic in one minute, from one subtask.
 *
 * @param minuteMillis the minute's start, epoch milliseconds
 */
public record TrafficPartial(int siteId, long minuteMillis, Traffic traffic) {}
