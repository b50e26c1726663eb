package io.weir.request;

import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInfo;
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
 * @param partition of the topic, where its record is
 * @param idHigh half of the {@link RequestIdentity}, which its copies share
 * @param idLow the other half; both are 0 where it has none
 * @param isDuplicate whether a copy of it was counted: then it is only counted as a duplicate
 * @param viewKeys what views count it under, for whoever gave it to it; null where none does
 */
@TypeInfo(HttpRequestSerializer.Types.class)
public record HttpRequest(
        int siteId,
        long eventTimeMillis,
        int statusCode,
        @Nullable Long visitorHash,
        long responseTimeMicros,
        long bytesSent,
        String country,
        int partition,
        long idHigh,
        long idLow,
        boolean isDuplicate,
        byte @Nullable [] viewKeys)
        implements MeasuredRequest {

    /** A request of partition 0 without identity. */
    public HttpRequest(
            int siteId,
            long eventTimeMillis,
            int statusCode,
            @Nullable Long visitorHash,
            long responseTimeMicros,
            long bytesSent,
            String country) {
        this(
                siteId,
                eventTimeMillis,
                statusCode,
                visitorHash,
                responseTimeMicros,
                bytesSent,
                country,
                0,
                0,
                0,
                false);
    }

    /** A request that no view counts. */
    public HttpRequest(
            int siteId,
            long eventTimeMillis,
            int statusCode,
            @Nullable Long visitorHash,
            long responseTimeMicros,
            long bytesSent,
            String country,
            int partition,
            long idHigh,
            long idLow,
            boolean isDuplicate) {
        this(
                siteId,
                eventTimeMillis,
                statusCode,
                visitorHash,
                responseTimeMicros,
                bytesSent,
                country,
                partition,
                idHigh,
                idLow,
                isDuplicate,
                null);
    }

    /** The same, with what views count it under. */
    public HttpRequest countedUnder(byte @Nullable [] keys) {
        return new HttpRequest(
                siteId,
                eventTimeMillis,
                statusCode,
                visitorHash,
                responseTimeMicros,
                bytesSent,
                country,
                partition,
                idHigh,
                idLow,
                isDuplicate,
                keys);
    }

    @Override
    public boolean hasVisitor() {
        return visitorHash != null;
    }

    @Override
    public long knownVisitorHash() {
        return Objects.requireNonNull(visitorHash);
    }

    public boolean isIdentified() {
        return (idHigh | idLow) != 0;
    }

    /**
     * The same, as a duplicate of a request that was counted in the minute of the given time. Views
     * count no duplicates.
     */
    public HttpRequest asDuplicateAt(long countedMillis) {
        return new HttpRequest(
                siteId,
                countedMillis,
                statusCode,
                visitorHash,
                responseTimeMicros,
                bytesSent,
                country,
                partition,
                idHigh,
                idLow,
                true);
    }
}
