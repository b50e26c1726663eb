package io.weir.request;

import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * The record that is being read, and what the decoder made of it: a request or a rejection.
 *
 * <p>A reader has one of these, which holds each of its records in turn, since an object for each
 * would cost more than counting it. So it is good until the next record is read, and never leaves
 * its task: whatever is kept or sent is what {@link #toDecodedRecord} or {@link #toRequest} makes
 * of it.
 */
@TypeInfo(ReadRecordSerializer.Types.class)
public final class ReadRecord implements MeasuredRequest {

    private static final byte[] NO_BYTES = {};

    private String topic = "";
    private int partition;
    private long offset;
    private long timestampMillis;
    private byte @Nullable [] key;
    private byte[] value = NO_BYTES;
    private List<KafkaHeader> headers = List.of();

    // the decoder's
    @Nullable Rejection rejection;
    int siteId;
    long eventTimeMillis;
    int statusCode;
    boolean hasVisitor;
    long visitorHash;
    long responseTimeMicros;
    long bytesSent;
    String country = Countries.UNKNOWN;
    long idHigh;
    long idLow;

    /**
     * Now it holds another record, which {@link RequestDecoder#decode(ReadRecord)} decodes.
     *
     * @param newHeaders as {@link KafkaRecord} has them; they may be read as late as they are asked
     *     for
     */
    public void set(
            String newTopic,
            int newPartition,
            long newOffset,
            long newTimestampMillis,
            byte @Nullable [] newKey,
            byte @Nullable [] newValue,
            List<KafkaHeader> newHeaders) {
        topic = newTopic;
        partition = newPartition;
        offset = newOffset;
        timestampMillis = newTimestampMillis;
        key = newKey;
        value = newValue == null ? NO_BYTES : newValue;
        headers = newHeaders;
    }

    /** Now it holds this record, which stays as it is. */
    public void set(KafkaRecord record) {
        set(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestampMillis(),
                record.key(),
                record.value(),
                record.headers());
    }

    public String topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    /** Its own timestamp, epoch milliseconds: its arrival time. */
    public long timestampMillis() {
        return timestampMillis;
    }

    /** Empty for a record without a value. */
    byte[] value() {
        return value;
    }

    List<KafkaHeader> headers() {
        return headers;
    }

    /** Whether it is a request; only then have the request's fields a meaning. */
    public boolean isRequest() {
        return rejection == null;
    }

    /** Why it is no request; only where it is none. */
    public RejectReason rejectReason() {
        return Objects.requireNonNull(rejection, "not rejected").reason();
    }

    @Override
    public int siteId() {
        return siteId;
    }

    @Override
    public long eventTimeMillis() {
        return eventTimeMillis;
    }

    @Override
    public int statusCode() {
        return statusCode;
    }

    @Override
    public boolean hasVisitor() {
        return hasVisitor;
    }

    @Override
    public long knownVisitorHash() {
        return visitorHash;
    }

    @Override
    public long responseTimeMicros() {
        return responseTimeMicros;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public String country() {
        return country;
    }

    /** Not yet: that is decided later, by requests that are kept. */
    @Override
    public boolean isDuplicate() {
        return false;
    }

    /** The request, to be kept; only where it is one. */
    public HttpRequest toRequest() {
        return new HttpRequest(
                siteId,
                eventTimeMillis,
                statusCode,
                hasVisitor ? visitorHash : null,
                responseTimeMicros,
                bytesSent,
                country,
                partition,
                idHigh,
                idLow,
                false);
    }

    /** All of it, to be kept. */
    public DecodedRecord toDecodedRecord() {
        return new DecodedRecord(
                new KafkaRecord(
                        topic,
                        partition,
                        offset,
                        timestampMillis,
                        key,
                        value,
                        List.copyOf(headers)),
                isRequest() ? toRequest() : null,
                rejection);
    }
}
