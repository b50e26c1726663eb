package io.weir.tools.accesslog;

/**
 * The response time of a line.
 *
 * @param micros up to a day, or -1 where the line has none that is read
 */
public record ResponseTime(ResponseTimeForm form, long micros) {

    /** Of a line that has none. */
    public static final ResponseTime NONE = new ResponseTime(ResponseTimeForm.NONE, -1);

    static final ResponseTime AMBIGUOUS = new ResponseTime(ResponseTimeForm.AMBIGUOUS, -1);

    /** None for a number that is out of range. */
    static ResponseTime of(ResponseTimeForm form, long micros) {
        return micros < 0 ? NONE : new ResponseTime(form, micros);
    }

    boolean isKnown() {
        return micros >= 0;
    }
}
