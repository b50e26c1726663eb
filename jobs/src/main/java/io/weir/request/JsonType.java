package io.weir.request;

/** What a JSON value is, from how it is written. */
enum JsonType {
    STRING("text"),
    /** A number without fraction and exponent. */
    INTEGER("an integer"),
    /** A number with a fraction, an exponent or both. */
    DECIMAL("a number with a fraction or an exponent"),
    BOOLEAN("a boolean"),
    NULL("null"),
    OBJECT("an object"),
    ARRAY("an array");

    private final String description;

    JsonType(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
