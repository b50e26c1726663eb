package io.weir.tools.accesslog;

/** What a field of a format string holds, and how it is written. */
enum FieldKind {
    CLIENT(FieldRole.CLIENT),
    FORWARDED_FOR(FieldRole.FORWARDED_FOR),

    /** A whole time with its zone, without brackets: {@code 25/Oct/2026:12:00:00 +0000} or ISO. */
    TIME(FieldRole.TIME),
    /** Since 1970, in a unit that its size says. */
    EPOCH(FieldRole.TIME),
    /** In seconds since 1970, with a fraction. */
    EPOCH_SECONDS(FieldRole.TIME),
    YEAR(FieldRole.TIME, 4),
    MONTH(FieldRole.TIME, 2),
    MONTH_NAME(FieldRole.TIME),
    DAY(FieldRole.TIME, 2),
    /** With a blank in place of a zero. */
    PADDED_DAY(FieldRole.TIME),
    WEEKDAY(FieldRole.TIME),
    HOUR(FieldRole.TIME, 2),
    MINUTE(FieldRole.TIME, 2),
    SECOND(FieldRole.TIME, 2),
    MILLIS(FieldRole.TIME, 3),
    MICROS(FieldRole.TIME, 6),
    ZONE(FieldRole.TIME),

    /** Method, URL and protocol. */
    REQUEST(FieldRole.REQUEST),
    /** Path and query. */
    TARGET(FieldRole.REQUEST),
    PATH(FieldRole.REQUEST),
    QUERY(FieldRole.QUERY),
    STATUS(FieldRole.STATUS),
    SIZE(FieldRole.SIZE),
    TAKEN_MICROS(FieldRole.TAKEN),
    TAKEN_MILLIS(FieldRole.TAKEN),
    TAKEN_SECONDS(FieldRole.TAKEN),
    /** In seconds, of each server that was asked: {@code 0.005, 0.010 : 0.002}. */
    UPSTREAM_SECONDS(FieldRole.TAKEN),
    HOST(FieldRole.HOST),
    REFERRER(FieldRole.REFERRER),
    USER_AGENT(FieldRole.USER_AGENT),
    METHOD(FieldRole.METHOD),

    /** Not read, but known by how it begins: {@code HTTP/1.1}. */
    PROTOCOL(FieldRole.NONE),
    /** Nothing that is read. */
    OTHER(FieldRole.NONE),
    /** The same of each server that was asked. */
    OTHER_LIST(FieldRole.NONE);

    private final FieldRole role;
    private final int digits;

    FieldKind(FieldRole role) {
        this(role, 0);
    }

    FieldKind(FieldRole role, int digits) {
        this.role = role;
        this.digits = digits;
    }

    FieldRole role() {
        return role;
    }

    /** Whether its own text says where it ends, so that nothing need stand after it. */
    boolean endsByItself() {
        return role == FieldRole.TIME || this == STATUS || this == SIZE;
    }

    /** Whether blanks may follow commas in it. */
    boolean isList() {
        return this == CLIENT || this == FORWARDED_FOR || isOfUpstreams();
    }

    /** Whether colons between blanks may be in it too. */
    boolean isOfUpstreams() {
        return this == UPSTREAM_SECONDS || this == OTHER_LIST;
    }

    /** Whether such a field may begin here, as far as its beginning says so. */
    boolean fits(LineText line, int at) {
        return this != PROTOCOL || line.startsWith("HTTP/", at);
    }

    /** Where such a field ends that ends by itself and begins here; -1 if none does. */
    int end(LineText line, int at) {
        if (digits > 0) {
            int end = at + digits;
            return line.afterDigits(at) >= end ? end : -1;
        }
        return switch (this) {
            case TIME -> {
                LogTime time = LogTime.bare(line, at);
                yield time == null ? -1 : time.end();
            }
            case EPOCH_SECONDS -> {
                int whole = line.afterDigits(at);
                int end = line.has(whole, '.') ? line.afterDigits(whole + 1) : whole;
                yield whole > at ? end : -1;
            }
            case MONTH_NAME -> LogTime.isMonth(line, at) ? at + 3 : -1;
            case PADDED_DAY ->
                    line.isDigit(at + 1) && (line.has(at, ' ') || line.isDigit(at)) ? at + 2 : -1;
            case WEEKDAY -> at + 3 <= line.length() ? at + 3 : -1;
            case ZONE -> LogTime.afterZone(line, at, true);
            default -> {
                int end = line.has(at, '-') ? at + 1 : line.afterDigits(at);
                yield end > at ? end : -1;
            }
        };
    }
}
