package io.weir.tools.accesslog;

/** What is made of a line of an access log. */
public sealed interface LogLine permits ParsedLine, UnparsableLine, DirectiveLine {}
