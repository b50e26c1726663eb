package io.weir.tools.accesslog;

/** How a line has its response time; what says more comes first. */
public enum ResponseTimeForm {
    BEFORE_REQUEST("a whole number between time and request, as microseconds (%D)"),
    NAMED("rt=, request_time= and the like, as seconds (or with their unit)"),
    WITH_UNIT("a number with its unit, such as 12ms"),
    SECONDS_AND_MICROS("seconds/microseconds (%T/%D)"),
    DECIMALS(
            "numbers with three decimals or more after the size, as seconds; of several the largest"),
    FIELD("a field of its own, in the unit of its server"),
    AS_GIVEN("a number at the end, as --response-time says"),
    /** Not read: nothing says what it is. */
    AMBIGUOUS("a whole number at the end, or after rt= and the like"),
    NONE("none");

    private final String description;

    ResponseTimeForm(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
