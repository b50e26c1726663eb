package io.weir.tools.accesslog;

/** The formats that have a name. */
public enum LogFormatChoice implements ChosenFormat {
    /** That of the first line that is a request in any format. */
    AUTO,
    /** What stands first is the client. */
    COMMON,
    COMBINED,
    /** What stands first is the server's host, and then comes the client. */
    VHOST,
    JSON,
    W3C,
    ALB,
    CLOUDFRONT;

    @Override
    public LogFormat open(ResponseTimeRule responseTimes) {
        return switch (this) {
            case AUTO -> new AutoLogFormat(responseTimes);
            case COMMON, COMBINED -> new AccessLogParser(responseTimes, LineHead.First.CLIENT);
            case VHOST -> new AccessLogParser(responseTimes, LineHead.First.HOST);
            case JSON -> new JsonLogParser(responseTimes);
            case W3C -> W3cLogParser.withFields(responseTimes);
            case ALB -> new AlbLogParser(responseTimes);
            case CLOUDFRONT -> W3cLogParser.ofCloudFront(responseTimes);
        };
    }
}
