package io.weir.tools.send;

import org.jspecify.annotations.Nullable;

/**
 * A valid request as it was made up, before it became JSON.
 *
 * @param ipAddress the client, or null where it is not said
 * @param responseTimeNanos the response time exactly as it is written, or null where it is not said
 * @param bytesSent null where it is not said
 * @param country as it is written, not necessarily a country; null where it is not said
 */
record GeneratedRequest(
        int siteId,
        long eventTimeMillis,
        int statusCode,
        @Nullable String ipAddress,
        @Nullable Long responseTimeNanos,
        @Nullable Long bytesSent,
        @Nullable String country,
        String requestId,
        String url) {}
