package io.weir.tools.connect;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is one line for who typed it, with the remedy. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        this(message, null);
    }

    public CommandException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The first line of the innermost message of a chain of causes. */
    public static String innermost(Throwable thrown) {
        String message = thrown.toString();
        int links = 0;
        for (Throwable link = thrown; link != null && links < 50; link = link.getCause()) {
            if (link.getMessage() != null) {
                message = link.getMessage();
            }
            links++;
        }
        return message.lines().findFirst().orElse(thrown.toString());
    }
}
