package io.weir.tools.send;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The requests of a site and minute that may still become more. */
final class OpenSiteMinute {

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
                requests,
                requests - errors,
                errors,
                timed,
                responseTimeSumMicros,
                responseTimeMaxMicros,
                bytesSum,
                json(countries),
                json(statuses),
                ipAddresses.size());
    }

    private void addResponseTime(long micros) {
        timed++;
        responseTimeSumMicros += micros;
        if (responseTimeMaxMicros == null || micros > responseTimeMaxMicros) {
            responseTimeMaxMicros = micros;
        }
    }

    private static String json(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .map(counter -> '"' + counter.getKey() + "\": " + counter.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
