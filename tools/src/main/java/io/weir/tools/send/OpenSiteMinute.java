package io.weir.tools.send;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The requests of a site and minute that may still become more. */
final class OpenSiteMinute {

    /** What is known of them, as the columns of {@code sent_1min.csv} after the key. */
    static final List<SentMeasure> MEASURES =
            List.of(
                    new SentMeasure("request_count", minute -> minute.requests),
                    new SentMeasure("success_count", minute -> minute.requests - minute.errors),
                    new SentMeasure("error_count", minute -> minute.errors),
                    new SentMeasure("timed_count", minute -> minute.timed),
                    new SentMeasure(
                            "response_time_sum_usec", minute -> minute.responseTimeSumMicros),
                    new SentMeasure(
                            "response_time_max_usec", minute -> minute.responseTimeMaxMicros),
                    new SentMeasure("bytes_sum", minute -> minute.bytesSum),
                    new SentMeasure("country_counters", minute -> json(minute.countries)),
                    new SentMeasure("status_counters", minute -> json(minute.statuses)),
                    new SentMeasure(
                            "distinct_ip_address_exact",
                            minute -> (long) minute.ipAddresses.size()),
                    // every generated request is sent once
                    new SentMeasure("duplicate_count", minute -> 0L));

    /** A column and its value. */
    record SentMeasure(String column, Function<OpenSiteMinute, @Nullable Object> value) {}

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final String UNKNOWN_COUNTRY = "ZZ";
    private static final int FIRST_ERROR = 400;

    private long requests;
    private long errors;
    private long timed;
    private long responseTimeSumMicros;
    private @Nullable Long responseTimeMaxMicros;
    private long bytesSum;
    private final Map<String, Long> countries = new TreeMap<>();
    private final Map<String, Long> statuses = new TreeMap<>();
    private final Set<String> ipAddresses = new HashSet<>();

    void add(GeneratedRequest request) {
        requests++;
        if (request.statusCode() >= FIRST_ERROR) {
            errors++;
        }
        if (request.responseTimeNanos() != null) {
            addResponseTime((request.responseTimeNanos() + 500) / 1_000); // rounds half up
        }
        if (request.bytesSent() != null) {
            bytesSum += request.bytesSent();
        }
        String country = request.country();
        boolean isKnown = country != null && COUNTRIES.contains(country);
        countries.merge(isKnown ? country : UNKNOWN_COUNTRY, 1L, Long::sum);
        statuses.merge(Integer.toString(request.statusCode()), 1L, Long::sum);
        if (request.ipAddress() != null) {
            ipAddresses.add(request.ipAddress());
        }
    }

    SentSiteMinute toSent(int siteId, long minuteMillis) {
        return new SentSiteMinute(
                siteId,
                minuteMillis,
                MEASURES.stream().map(measure -> measure.value().apply(this)).toList());
    }

    private void addResponseTime(long micros) {
        timed++;
        responseTimeSumMicros += micros;
        if (responseTimeMaxMicros == null || micros > responseTimeMaxMicros) {
            responseTimeMaxMicros = micros;
        }
    }

    /** As PostgreSQL shows jsonb, keys sorted: {@code {"BR": 12, "US": 3}}. */
    private static String json(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .map(counter -> '"' + counter.getKey() + "\": " + counter.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
