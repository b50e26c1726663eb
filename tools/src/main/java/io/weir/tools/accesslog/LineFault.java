package io.weir.tools.accesslog;

import org.jspecify.annotations.Nullable;

/** Why a line of an access log is no request. */
public enum LineFault {
    EMPTY("empty line", "there is nothing in it"),
    JSON("JSON", "a JSON object is not a line of a plain log"),
    NO_TIME("no bracketed time", "expected [dd/Mon/yyyy:HH:mm:ss +hhmm]"),
    UNKNOWN_TIME(
            "time not dd/Mon/yyyy:HH:mm:ss +hhmm",
            "the text in brackets is not a time with a zone; ISO 8601 is read too"),
    NO_REAL_DATE("time is not a real date", "there is no such day, time or zone"),
    MISDATED(
            "dated too many years from the other requests",
            "the year is too far from the median of the log: a clock that was not set, or damage"),
    NO_REQUEST("no quoted request", "expected the request in quotation marks after the time"),
    NO_STATUS("no status after the request", "expected three digits after the quoted request"),
    STATUS_OUT_OF_RANGE("status outside 100..599", "a response has a status from 100 to 599"),
    NO_SIZE("no size after the status", "expected a whole number or - after the status"),
    NOT_JSON("no JSON object", "expected a JSON object and nothing after it"),
    NO_ACCESS_ENTRY(
            "no access entry", "by its field logger, it is about something else than a request"),
    NO_TIME_FIELD(
            "no time field",
            "expected a time with a zone, or since 1970, in one of the fields of docs/access-logs.md"),
    NO_STATUS_FIELD(
            "no status field", "expected a whole number in the field that the format has for it"),
    NO_FIELDS("no #Fields", "expected a line #Fields: that names the fields, before this one"),
    OTHER_FIELDS(
            "other fields than #Fields says",
            "expected as many fields as the last #Fields line names"),
    NOT_ALB(
            "no line of a load balancer",
            "expected type, time, load balancer, client:port and so on, as AWS documents"),
    NOT_CLOUDFRONT(
            "no line of CloudFront",
            "expected date, time and so on, separated by tabs, as AWS documents"),
    NO_FIT(
            "does not fit the format",
            "a field of --log-format is missing, or there is something else between or after its fields"),
    NO_FITTING_TIME("time does not fit the format", "expected a time as --log-format has it"),
    NO_CLIENT(
            "no client",
            "the line begins with neither an address nor a host name nor -, and no address follows"),
    UNKNOWN_PREFIX(
            "unknown prefix",
            "before the client is something that is neither a host nor a prefix of syslog, docker or"
                    + " kubectl: take it out of the log's format"),
    TWO_ADDRESSES(
            "two addresses",
            "it is not clear which of the first two addresses is the client's: take the other one"
                    + " out of the log's format"),
    NO_HOST("no host", "the line does not name a host, so it belongs to no site (--site-by host)"),
    NO_DOMAIN("host is no domain", "a site cannot have this host as its name (--site-by host)"),
    TOO_MANY_HOSTS(
            "too many hosts",
            "10,000 other hosts came before it, and no more can be sites (--site-by host)");

    private final String reason;
    private final String message;

    LineFault(String reason, String message) {
        this.reason = reason;
        this.message = message;
    }

    /** A few words, which are the value of the record's header too. */
    public String reason() {
        return reason;
    }

    /** What was expected, or what to do about it. */
    public String message() {
        return message;
    }

    /** The fault with this reason, or null if there is none. */
    public static @Nullable LineFault of(@Nullable String reason) {
        for (LineFault fault : values()) {
            if (fault.reason.equals(reason)) {
                return fault;
            }
        }
        return null;
    }
}
