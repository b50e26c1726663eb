package io.weir.filter;

import io.weir.agent.AgentField;
import java.util.HashMap;
import java.util.Map;

/**
 * What filters of requests can ask for, beside {@code field:NAME}: each field and what it holds.
 */
public final class RequestFilterFields {

    /** For views: whom a request is from is not among them. */
    public static final Map<String, FieldType> OF_VIEWS =
            withAgent(
                    Map.ofEntries(
                            Map.entry("site_id", FieldType.NUMBER),
                            Map.entry("status", FieldType.NUMBER),
                            Map.entry("status_code", FieldType.NUMBER),
                            Map.entry("response_time_msec", FieldType.NUMBER),
                            Map.entry("bytes_sent", FieldType.NUMBER),
                            Map.entry("country", FieldType.TEXT),
                            Map.entry("request_country", FieldType.TEXT),
                            Map.entry("event_time", FieldType.TEXT),
                            Map.entry("url", FieldType.TEXT),
                            Map.entry("url_path", FieldType.TEXT),
                            Map.entry("method", FieldType.TEXT),
                            Map.entry("host", FieldType.TEXT),
                            Map.entry("referrer", FieldType.TEXT),
                            Map.entry(AgentField.MEMBER, FieldType.TEXT)));

    /** For requests one by one. */
    public static final Map<String, FieldType> OF_REQUESTS = withIdentity();

    private RequestFilterFields() {}

    private static Map<String, FieldType> withAgent(Map<String, FieldType> others) {
        Map<String, FieldType> fields = new HashMap<>(others);
        AgentField.BY_NAME.keySet().forEach(name -> fields.put(name, FieldType.TEXT));
        return Map.copyOf(fields);
    }

    private static Map<String, FieldType> withIdentity() {
        Map<String, FieldType> fields = new HashMap<>(OF_VIEWS);
        fields.put("request_id", FieldType.TEXT);
        fields.put("ip_address", FieldType.TEXT);
        return Map.copyOf(fields);
    }
}
