package io.weir.tools.accesslog;

/** A format of access logs: it reads each line alone, and keeps nothing of it. */
public interface LogFormat {

    /** Reads a line, given without its line feed; carriage returns at its end do not count. */
    LogLine parse(byte[] line);
}
