package io.weir.tools.accesslog;

import java.time.Instant;

/** Which times of requests are taken for real. */
interface BelievedTimes {

    BelievedTimes ALL = (siteId, time) -> true;

    boolean hold(int siteId, Instant time);
}
