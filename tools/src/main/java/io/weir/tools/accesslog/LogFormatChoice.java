package io.weir.tools.accesslog;

/** Which format the lines of logs have. */
public enum LogFormatChoice {
    /** That of the first line that is a request in any format. */
    AUTO,
    /** What stands first is the client. */
    COMMON,
    COMBINED,
    /** What stands first is the server's host, and then comes the client. */
    VHOST,
    JSON,
    W3C;

    LogFormat open(ResponseTimeRule responseTimes) {
        return switch (this) {
            case AUTO -> new AutoLogFormat(responseTimes);
            case COMMON, COMBINED -> new AccessLogParser(responseTimes, LineHead.First.CLIENT);
            case VHOST -> new AccessLogParser(responseTimes, LineHead.First.HOST);
            case JSON -> new JsonLogParser(responseTimes);
            case W3C -> new W3cLogParser(responseTimes);
        };
    }
}
