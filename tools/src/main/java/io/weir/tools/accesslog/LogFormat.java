package io.weir.tools.accesslog;

/** A format of access logs. One of these reads the lines of one file, from the first one on. */
public interface LogFormat {

    /** As people are told it. */
    String name();

    /** Reads a line, given without its line feed; carriage returns at its end do not count. */
    LogLine parse(byte[] line);

    /** Whether it reads each further line alike, whatever lines it is given before that. */
    boolean isSettled();
}
