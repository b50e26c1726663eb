package io.weir.tools.accesslog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lines as tests expect them, with a response time in a field of its own. */
final class ParsedLines {

    private ParsedLines() {}

    static ParsedLine request(
            @Nullable String host,
            @Nullable String client,
            Instant time,
            String request,
            int status,
            @Nullable Long size,
            long micros) {
        return new ParsedLine(
                host,
                client,
                time,
                request,
                status,
                size,
                ResponseTime.of(ResponseTimeForm.FIELD, micros),
                SentHeaders.NONE);
    }

    /** For tests of all that is not a header. */
    static LogLine withoutHeaders(LogLine line) {
        return line instanceof ParsedLine parsed
                ? new ParsedLine(
                        parsed.host(),
                        parsed.client(),
                        parsed.time(),
                        parsed.request(),
                        parsed.status(),
                        parsed.size(),
                        parsed.responseTime(),
                        SentHeaders.NONE)
                : line;
    }
}
