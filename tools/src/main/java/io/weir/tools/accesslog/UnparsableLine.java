package io.weir.tools.accesslog;

/** A line that is no request, and why. */
record UnparsableLine(String reason) implements LogLine {}
