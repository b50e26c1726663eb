package io.weir.tools.accesslog;

/** What the parser makes of a line of an access log. */
sealed interface LogLine permits ParsedLine, UnparsableLine {}
