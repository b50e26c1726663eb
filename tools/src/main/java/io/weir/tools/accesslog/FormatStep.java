package io.weir.tools.accesslog;

/**
 * A field of a format string and the text that follows it.
 *
 * @param role what the field is read for; NONE if it is not read
 * @param after empty where the next field follows at once, or the line ends
 * @param isQuoted whether the field is in quotation marks, so that a backslash escapes one
 */
record FormatStep(FormatField field, FieldRole role, String after, boolean isQuoted) {

    boolean isRead(FieldRole as) {
        return role == as;
    }

    /** Whether such a field may follow a host at once. */
    static boolean beginsWithSlash(FieldKind kind) {
        return kind == FieldKind.TARGET || kind == FieldKind.PATH;
    }
}
