package io.weir.breakdown;

import io.weir.request.MeasuredRequest;
import io.weir.serialize.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is measured of some requests. Sums overflow loudly. */
public final class Counts {

    private long requests;
    private long errors;
    private long bytes;
    private long timed;
    private long responseTimeMicros;

    void add(MeasuredRequest request) {
        requests++;
        errors += request.isError() ? 1 : 0;
        bytes = Math.addExact(bytes, request.bytesSent());
        if (request.isTimed()) {
            timed++;
            responseTimeMicros = Math.addExact(responseTimeMicros, request.responseTimeMicros());
        }
    }

    void add(Counts other) {
        requests = Math.addExact(requests, other.requests);
        errors = Math.addExact(errors, other.errors);
        bytes = Math.addExact(bytes, other.bytes);
        timed = Math.addExact(timed, other.timed);
        responseTimeMicros = Math.addExact(responseTimeMicros, other.responseTimeMicros);
    }

    Counts copy() {
        Counts copy = new Counts();
        copy.add(this);
        return copy;
    }

    public long requests() {
        return requests;
    }

    /** Of them, those whose status is 400 or above. */
    public long errors() {
        return errors;
    }

    public long bytes() {
        return bytes;
    }

    /** Of them, those with a response time. */
    public long timed() {
        return timed;
    }

    /** The sum of their response times. */
    public long responseTimeMicros() {
        return responseTimeMicros;
    }

    void write(DataOutput out) throws IOException {
        VariableLength.write(requests, out);
        VariableLength.write(errors, out);
        VariableLength.write(bytes, out);
        VariableLength.write(timed, out);
        VariableLength.write(responseTimeMicros, out);
    }

    static Counts read(DataInput in) throws IOException {
        Counts counts = new Counts();
        counts.requests = VariableLength.read(in);
        counts.errors = VariableLength.read(in);
        counts.bytes = VariableLength.read(in);
        counts.timed = VariableLength.read(in);
        counts.responseTimeMicros = VariableLength.read(in);
        return counts;
    }
}
