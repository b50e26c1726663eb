package io.weir.request;

import org.jspecify.annotations.Nullable;

/** A record and what the decoder made of it: exactly one of request and rejection is there. */
public record DecodedRecord(
        KafkaRecord record, @Nullable HttpRequest request, @Nullable Rejection rejection) {

    /**
     * The request that the record is.
     *
     * @throws IllegalStateException when it is none
     */
    public HttpRequest requireRequest() {
        if (request == null) {
            throw new IllegalStateException("not a request: " + rejection);
        }
        return request;
    }

    /**
     * Why the record is no request.
     *
     * @throws IllegalStateException when it is one
     */
    public RejectReason rejectReason() {
        if (rejection == null) {
            throw new IllegalStateException("not rejected: " + request);
        }
        return rejection.reason();
    }

    public DecodedRecord {
        if ((request == null) == (rejection == null)) {
            throw new IllegalArgumentException(
                    "a decoded record is either a request or a rejection: "
                            + request
                            + ", "
                            + rejection);
        }
    }
}
