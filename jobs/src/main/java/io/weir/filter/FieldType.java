package io.weir.filter;

/** What a field can hold. */
public enum FieldType {
    NUMBER("a number, such as 500"),
    TEXT("text in single quotes, such as 'BR'"),
    /** Whatever a sender puts into it. */
    ANY("a number, text in single quotes, true or false");

    private final String accepted;

    FieldType(String accepted) {
        this.accepted = accepted;
    }

    /** What it is compared with, as messages say it. */
    String accepted() {
        return accepted;
    }

    boolean accepts(Value value) {
        return switch (this) {
            case NUMBER -> value instanceof Value.OfNumber;
            case TEXT -> value instanceof Value.OfText;
            case ANY -> true;
        };
    }
}
