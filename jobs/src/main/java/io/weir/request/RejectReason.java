package io.weir.request;

import java.util.Locale;

/** The reasons for which a record is rejected; {@link #code()} is what people see. */
public enum RejectReason {
    NOT_JSON,
    NOT_AN_OBJECT,
    MISSING_FIELD,
    WRONG_TYPE,
    OUT_OF_RANGE,
    UNKNOWN_HOST,
    TOO_LARGE,
    TOO_FAR_AHEAD,
    TOO_OLD;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The reason in headers, exports and metrics: {@code not_json}. */
    public String code() {
        return code;
    }
}
