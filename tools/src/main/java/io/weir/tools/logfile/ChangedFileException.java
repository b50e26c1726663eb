package io.weir.tools.logfile;

import java.io.IOException;

/** A file no longer holds what it held. */
public final class ChangedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    ChangedFileException(String message) {
        super(message);
    }
}
