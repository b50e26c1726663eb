package io.weir.tools.accesslog;

/**
 * A field of a format string.
 *
 * @param rank of several fields for the same, the one with the lowest is read
 * @param written as the format has it, such as {@code %>s}
 */
record FormatField(FieldKind kind, int rank, String written) {}
