package io.weir.tools.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ShownText;

/** What Flink says of a failure, a stack trace, for people. */
public final class StackTraceText {

    private static final int MAX_CHARACTERS = 300;
    private static final String CAUSE = "Caused by: ";

    private StackTraceText() {}

    /** The line that says why in the end. */
    public static String rootCause(String stackTrace) {
        String cause =
                stackTrace
                        .lines()
                        .filter(line -> line.startsWith(CAUSE))
                        .reduce((earlier, later) -> later)
                        .or(() -> stackTrace.lines().findFirst())
                        .orElse("an unknown cause")
                        .replaceFirst("^" + CAUSE, "");
        return ShownText.of(cause.getBytes(UTF_8), MAX_CHARACTERS);
    }
}
