package io.weir.database;

import java.net.UnknownHostException;
import java.util.Objects;
import java.util.stream.Stream;

/** What a chain of exceptions says in one line. */
public final class Causes {

    /** A chain can be a circle. */
    private static final int MAX_LINKS = 50;

    private Causes() {}

    /**
     * The first line of the innermost message of a chain of causes. Java's message for an unknown
     * host is the bare name, which is given its words.
     */
    public static String innermost(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(MAX_LINKS)
                .filter(link -> link.getMessage() != null)
                .map(Causes::message)
                .reduce((outer, inner) -> inner)
                .flatMap(message -> message.lines().findFirst())
                .orElse(thrown.toString());
    }

    /** What the exception itself says, which names the file, and then the innermost message. */
    public static String outermost(Exception thrown) {
        Throwable cause = thrown.getCause();
        if (cause == null) {
            return innermost(thrown);
        }
        if (cause.toString().equals(thrown.getMessage())) { // given no message of its own
            return cause instanceof Exception inner ? outermost(inner) : innermost(cause);
        }
        String innermost = innermost(thrown);
        String message = thrown.getMessage();
        return message == null || innermost.equals(message)
                ? innermost
                : message + ": " + innermost;
    }

    private static String message(Throwable link) {
        return (link instanceof UnknownHostException ? "unknown host " : "") + link.getMessage();
    }
}
