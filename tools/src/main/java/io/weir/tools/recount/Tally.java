package io.weir.tools.recount;

import io.weir.request.HttpRequest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntFunction;

/** What was counted of a site's bucket. Not for several threads. */
public final class Tally {

    private long requests;
    private long errors;
    private long timed;
    private long sumMicros;
    private long maxMicros;
    private long bytes;
    private long duplicates;
    private final VisitorRegisters visitors = new VisitorRegisters();
    private final KeyedNumbers countries = new KeyedNumbers();
    private final KeyedNumbers statuses = new KeyedNumbers();
    private final ResponseTimes times = new ResponseTimes();

    public void add(HttpRequest request) {
        requests++;
        if (request.statusCode() >= 400) {
            errors++;
        }
        bytes = sum(bytes, request.bytesSent());
        long micros = request.responseTimeMicros();
        if (micros != HttpRequest.NOT_TIMED) {
            timed++;
            sumMicros = sum(sumMicros, micros);
            maxMicros = Math.max(maxMicros, micros);
            times.add(micros);
        }
        Long visitor = request.visitorHash();
        if (visitor != null) {
            visitors.add(visitor);
        }
        countries.add(request.country().charAt(0) * 128 + request.country().charAt(1), 1);
        statuses.add(request.statusCode(), 1);
    }

    public void addDuplicate() {
        duplicates++;
    }

    void merge(Tally other) {
        duplicates += other.duplicates;
        requests += other.requests;
        errors += other.errors;
        timed += other.timed;
        sumMicros = sum(sumMicros, other.sumMicros);
        maxMicros = Math.max(maxMicros, other.maxMicros);
        bytes = sum(bytes, other.bytes);
        visitors.merge(other.visitors);
        other.countries.forEach(countries::add);
        other.statuses.forEach(statuses::add);
        times.merge(other.times);
    }

    /** A sum beyond the largest number stays there, as in the rows. Neither number is negative. */
    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    long requests() {
        return requests;
    }

    /** The value of each column as text, as PostgreSQL prints it; a sketch is hexadecimal. */
    public Map<String, String> cells() {
        Map<String, String> cells = new LinkedHashMap<>();
        cells.put("request_count", Long.toString(requests));
        cells.put("success_count", Long.toString(requests - errors));
        cells.put("error_count", Long.toString(errors));
        cells.put("timed_count", Long.toString(timed));
        cells.put("response_time_sum_usec", Long.toString(sumMicros));
        cells.put("response_time_max_usec", timed == 0 ? "null" : Long.toString(maxMicros));
        cells.put("bytes_sum", Long.toString(bytes));
        cells.put("distinct_ip_addresses", HexFormat.of().formatHex(visitors.toBytes()));
        cells.put("country_counters", counters(countries, Tally::country));
        cells.put("status_counters", counters(statuses, Integer::toString));
        cells.put("response_time_histogram", times.text());
        cells.put("duplicate_count", Long.toString(duplicates));
        return cells;
    }

    private static String country(int key) {
        return "" + (char) (key / 128) + (char) (key % 128);
    }

    /** As PostgreSQL prints jsonb: names of one length are in their own order. */
    private static String counters(KeyedNumbers numbers, IntFunction<String> nameOf) {
        StringJoiner counters = new StringJoiner(", ", "{", "}");
        numbers.forEach((key, number) -> counters.add('"' + nameOf.apply(key) + "\": " + number));
        return counters.toString();
    }
}
