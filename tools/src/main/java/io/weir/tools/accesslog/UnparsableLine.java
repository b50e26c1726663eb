package io.weir.tools.accesslog;

/** A line that is no request, and why. */
public record UnparsableLine(LineFault fault) implements LogLine {}
