package io.weir.tools.logfile;

import java.io.IOException;

/** A file no longer holds what it held when it was opened. */
final class ChangedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    ChangedFileException(String message) {
        super(message + " (rotated by copytruncate?): start again, or read a copy of it");
    }
}
