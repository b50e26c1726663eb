package io.weir.database;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used as asked; the message is one line for the operator, with a remedy.
 */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isWrongUsage;

    public DatabaseException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private DatabaseException(String message, @Nullable Throwable cause, boolean isWrongUsage) {
        super(message, cause);
        this.isWrongUsage = isWrongUsage;
    }

    /** An address or a name that cannot be right, whatever the state of the database. */
    public static DatabaseException wrongUsage(String message) {
        return new DatabaseException(message, null, true);
    }

    public boolean isWrongUsage() {
        return isWrongUsage;
    }
}
