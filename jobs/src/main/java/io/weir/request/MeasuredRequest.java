package io.weir.request;

/** What is measured of a valid request; ranges are those of {@link HttpRequest}. */
public interface MeasuredRequest {

    /** The response time of a request that was not timed. */
    long NOT_TIMED = -1;

    /** Requests that succeeded have a status below this one. */
    int FIRST_ERROR_STATUS = 400;

    int siteId();

    long eventTimeMillis();

    int statusCode();

    /** Whether the client is known. */
    boolean hasVisitor();

    /** The client's hash; only where it is known. */
    long knownVisitorHash();

    /** Or {@link #NOT_TIMED}. */
    long responseTimeMicros();

    long bytesSent();

    String country();

    boolean isDuplicate();

    default boolean isTimed() {
        return responseTimeMicros() != NOT_TIMED;
    }

    default boolean isError() {
        return statusCode() >= FIRST_ERROR_STATUS;
    }
}
