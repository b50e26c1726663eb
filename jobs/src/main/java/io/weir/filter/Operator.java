package io.weir.filter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a field is compared. */
public enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    AT_MOST,
    MORE,
    AT_LEAST;

    private static final Map<String, Operator> BY_SIGN =
            Map.of(
                    "=", EQUAL, "<>", NOT_EQUAL, "!=", NOT_EQUAL, "<", LESS, "<=", AT_MOST, ">",
                    MORE, ">=", AT_LEAST);

    static @Nullable Operator of(String sign) {
        return BY_SIGN.get(sign);
    }

    /**
     * Whether it holds.
     *
     * @param order less than 0, 0 or more than 0, as the field's value is less than the other,
     *     equal or more
     */
    boolean holds(int order) {
        return switch (this) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case MORE -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }
}
