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

    private static String message(Throwable link) {
        return (link instanceof UnknownHostException ? "unknown host " : "") + link.getMessage();
    }
}
