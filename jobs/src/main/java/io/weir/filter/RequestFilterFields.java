package io.weir.filter;

import java.util.HashMap;
import java.util.Map;

/**
 * What filters of requests can ask for, beside {@code field:NAME}: each field and what it holds.
 */
public final class RequestFilterFields {

    /** For views: whom a request is from is not among them. */
    public static final Map<String, FieldType> OF_VIEWS =
            Map.of(
                    "site_id", FieldType.NUMBER,
                    "status", FieldType.NUMBER,
                    "status_code", FieldType.NUMBER,
                    "response_time_msec", FieldType.NUMBER,
                    "bytes_sent", FieldType.NUMBER,
                    "country", FieldType.TEXT,
                    "request_country", FieldType.TEXT,
                    "event_time", FieldType.TEXT,
                    "url", FieldType.TEXT,
                    "host", FieldType.TEXT);

    /** For requests one by one. */
    public static final Map<String, FieldType> OF_REQUESTS = withIdentity();

    private RequestFilterFields() {}

    private static Map<String, FieldType> withIdentity() {
        Map<String, FieldType> fields = new HashMap<>(OF_VIEWS);
        fields.put("request_id", FieldType.TEXT);
        fields.put("ip_address", FieldType.TEXT);
        return Map.copyOf(fields);
    }
}
