package io.weir.database;

import java.net.UnknownHostException;

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
        String message = thrown.toString();
        int links = 0;
        for (Throwable link = thrown; link != null && links < MAX_LINKS; link = link.getCause()) {
            if (link.getMessage() != null) {
                message =
                        (link instanceof UnknownHostException ? "unknown host " : "")
                                + link.getMessage();
            }
            links++;
        }
        return message.lines().findFirst().orElse(thrown.toString());
    }
}
