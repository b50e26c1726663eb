package io.weir.benchmarks.contestants;

import java.util.HashSet;
import java.util.Set;

/** What the textbook job remembers of a site's open minute. */
public final class MinuteCounts {

    public long requests;
    public long errors;
    public double responseTimeMsec;
    public long bytes;
    public Set<String> addresses = new HashSet<>();

    void add(JsonRequest request) {
        requests++;
        errors += request.statusCode >= 400 ? 1 : 0;
        responseTimeMsec += request.responseTimeMsec;
        bytes += request.bytesSent;
        addresses.add(request.ipAddress);
    }

    void add(MinuteCounts other) {
        requests += other.requests;
        errors += other.errors;
        responseTimeMsec += other.responseTimeMsec;
        bytes += other.bytes;
        addresses.addAll(other.addresses);
    }
}
