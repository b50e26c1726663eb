package io.weir.tools.accesslog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as an access log has it; texts are as written, escapes included, but for addresses,
 * which have one spelling.
 *
 * @param host the server's name or address, without its port; null where the line has none
 * @param client address or name of the client; null where the line has none
 * @param request what stands between the quotes: anything, even nothing
 * @param status 100..599
 * @param size bytes of the response, null where the log has {@code -}; sizes beyond a long are the
 *     largest long
 */
public record ParsedLine(
        @Nullable String host,
        @Nullable String client,
        Instant time,
        String request,
        int status,
        @Nullable Long size,
        ResponseTime responseTime,
        SentHeaders headers)
        implements LogLine {}
