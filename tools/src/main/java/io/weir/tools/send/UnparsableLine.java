package io.weir.tools.send;

/** A line that is no request, and why. */
record UnparsableLine(String reason) implements LogLine {}
