package io.weir.request;

import org.jspecify.annotations.Nullable;

/**
 * A valid request: every field is in the range that the decoder promises.
 *
 * @param siteId the customer's website, 1 or more
 * @param eventTimeMillis when the request was served, epoch milliseconds, 1970 or later
 * @param statusCode 100..599
 * @param visitorHash hash of the client as postgresql-hll's {@code hll_hash_text} makes it; null
 *     where the client is not known. The address itself is not kept.
 * @param responseTimeMicros 0..86,400,000,000, or {@link #NOT_TIMED}
 * @param bytesSent 0..2^40; 0 where it is not known
 * @param country ISO 3166-1 alpha-2 in upper case, {@code ZZ} where it is not known
 */
public record HttpRequest(
        int siteId,
        long eventTimeMillis,
        int statusCode,
        @Nullable Long visitorHash,
        long responseTimeMicros,
        long bytesSent,
        String country) {

    /** The response time of a request that was not timed. */
    public static final long NOT_TIMED = -1;

    /** Requests that succeeded have a status below this one. */
    public static final int FIRST_ERROR_STATUS = 400;

    public boolean isTimed() {
        return responseTimeMicros != NOT_TIMED;
    }

    public boolean isError() {
        return statusCode >= FIRST_ERROR_STATUS;
    }
}
