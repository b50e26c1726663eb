package io.weir.tools.accesslog;

/** A line that says something of the log, such as which fields it has. */
public record DirectiveLine() implements LogLine {}
