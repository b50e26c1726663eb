package io.weir.schema;

import org.jspecify.annotations.Nullable;

/** The schema could not be brought up to date; the message is one line for the operator. */
public final class SchemaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
