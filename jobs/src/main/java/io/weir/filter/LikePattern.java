package io.weir.filter;

/**
 * A pattern of LIKE: {@code %} stands for any characters, also none, and {@code _} for one. There
 * is no escape character. Matching goes back to the last {@code %} only, so it takes at most the
 * product of both lengths.
 */
record LikePattern(String pattern) {

    boolean matches(String text) {
        int at = 0;
        int inPattern = 0;
        int retryAt = -1;
        int retryInPattern = -1;
        while (at < text.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '%') {
                retryInPattern = ++inPattern;
                retryAt = at;
            } else if (inPattern < pattern.length()
                    && (pattern.charAt(inPattern) == '_'
                            || pattern.charAt(inPattern) == text.charAt(at))) {
                inPattern++;
                at++;
            } else if (retryInPattern >= 0) {
                inPattern = retryInPattern;
                at = ++retryAt;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '%') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
