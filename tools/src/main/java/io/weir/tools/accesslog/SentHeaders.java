package io.weir.tools.accesslog;

import org.jspecify.annotations.Nullable;

/**
 * What a client sent beside its request, as written.
 *
 * @param referrer the page whose link it followed; null where there is none
 * @param userAgent null where there is none
 */
record SentHeaders(@Nullable String referrer, @Nullable String userAgent) {

    static final SentHeaders NONE = new SentHeaders(null, null);

    /** Those of a line, in which {@code -} stands for none. */
    static SentHeaders of(@Nullable String referrer, @Nullable String userAgent) {
        return new SentHeaders(orNull(referrer), orNull(userAgent));
    }

    /** The two fields in quotation marks that follow the size of a combined format. */
    static SentHeaders after(int size, LineText line) {
        int referrer = line.afterBlanks(size);
        int referrerEnd = line.has(referrer, '"') ? line.closingQuote(referrer + 1) : line.length();
        int userAgent = line.afterBlanks(referrerEnd + 1);
        int userAgentEnd =
                line.has(userAgent, '"') ? line.closingQuote(userAgent + 1) : line.length();
        return userAgentEnd >= line.length()
                ? NONE
                : of(line.text(referrer + 1, referrerEnd), line.text(userAgent + 1, userAgentEnd));
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("-") ? null : text;
    }
}
