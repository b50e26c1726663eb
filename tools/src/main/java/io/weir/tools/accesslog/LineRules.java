package io.weir.tools.accesslog;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the lines of logs are read.
 *
 * @param responseTimes where lines have their response times
 * @param countries a file .mmdb that knows the countries of addresses, or null
 */
public record LineRules(
        ChosenFormat format,
        ResponseTimeRule responseTimes,
        SiteBy siteBy,
        @Nullable Path countries) {

    /** Where nothing is said: what lines say themselves. */
    public static final LineRules DEFAULT =
            new LineRules(LogFormatChoice.AUTO, ResponseTimeRule.AUTO, SiteBy.FILE, null);

    /** What reads one file from its beginning. */
    LogFormat open() {
        return format.open(responseTimes);
    }
}
