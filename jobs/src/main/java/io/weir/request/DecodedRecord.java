package io.weir.request;

import org.jspecify.annotations.Nullable;

/** A record and what the decoder made of it: exactly one of request and rejection is there. */
public record DecodedRecord(
        KafkaRecord record, @Nullable HttpRequest request, @Nullable Rejection rejection) {

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
