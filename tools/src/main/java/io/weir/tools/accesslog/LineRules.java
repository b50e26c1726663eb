package io.weir.tools.accesslog;

/**
 * How the lines of logs are read.
 *
 * @param responseTimes where lines have their response times
 */
public record LineRules(LogFormatChoice format, ResponseTimeRule responseTimes, SiteBy siteBy) {

    /** Where nothing is said: what lines say themselves. */
    public static final LineRules DEFAULT =
            new LineRules(LogFormatChoice.AUTO, ResponseTimeRule.AUTO, SiteBy.FILE);

    /** What reads one file from its beginning. */
    LogFormat open() {
        return format.open(responseTimes);
    }
}
