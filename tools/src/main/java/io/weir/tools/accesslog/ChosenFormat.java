package io.weir.tools.accesslog;

/** Which format logs have: one with a name, or one that a format string describes. */
public interface ChosenFormat {

    /**
     * What reads one file from its beginning.
     *
     * @param responseTimes where lines have their response times
     */
    LogFormat open(ResponseTimeRule responseTimes);
}
