package io.weir.tools.recount;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** Counters by name as JSON whose keys are sorted, so that equal counters have equal texts. */
final class CounterText {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, Object>> SORTED = new TypeReference<>() {};

    private CounterText() {}

    /** Of counters sorted by name. */
    static String of(Map<String, Object> counters) {
        try {
            return JSON.writeValueAsString(counters);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counters that are no JSON: " + counters, e);
        }
    }

    /** Of what a row holds; if it is no object, it stays as it is and equals no counters. */
    static String of(String stored) {
        try {
            return of(JSON.readValue(stored, SORTED));
        } catch (JsonProcessingException e) {
            return stored;
        }
    }
}
