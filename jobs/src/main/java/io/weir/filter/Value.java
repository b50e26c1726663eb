package io.weir.filter;

import java.math.BigDecimal;

/** What a field holds, or what a filter compares it with. */
public sealed interface Value {

    /** A number. */
    record OfNumber(BigDecimal number) implements Value {}

    /** A text. */
    record OfText(String text) implements Value {}

    /** True or false. */
    record OfBoolean(boolean isTrue) implements Value {}
}
