package io.weir.tools.connect;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is one line for the person who typed it, with the remedy. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isWrongUsage;
    private final boolean isLogged;

    public CommandException(String message) {
        this(message, null);
    }

    public CommandException(String message, @Nullable Throwable cause) {
        this(message, cause, false, false);
    }

    private CommandException(
            String message, @Nullable Throwable cause, boolean isWrongUsage, boolean isLogged) {
        super(message, cause);
        this.isWrongUsage = isWrongUsage;
        this.isLogged = isLogged;
    }

    /** An argument that cannot be right, whatever the state of the world. */
    public static CommandException wrongUsage(String message) {
        return new CommandException(message, null, true, false);
    }

    /** Something that the command itself started has failed; the log says more than the message. */
    public static CommandException logged(String message, Throwable cause) {
        return new CommandException(message, cause, false, true);
    }

    public boolean isLogged() {
        return isLogged;
    }

    public boolean isWrongUsage() {
        return isWrongUsage;
    }
}
