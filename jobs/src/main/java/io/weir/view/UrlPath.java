package io.weir.view;

import java.util.regex.Pattern;

/**
 * The path of a URL, with what differs from request to request folded, so that the pages of a site
 * are few.
 *
 * <ul>
 *   <li>Scheme and host, the query, the fragment and parameters of a segment ({@code ;v=1}) are
 *       left out.
 *   <li>A segment of digits alone becomes {@code {n}}.
 *   <li>A segment becomes {@code {id}} if it is hexadecimal with hyphens or without, of 16 digits
 *       or more and not of letters alone, as UUIDs and hashes are; or has 20 or more letters and
 *       digits and nothing else, at least four of them digits.
 * </ul>
 *
 * Everything else stays as it is sent: upper and lower case, percent-encoding, slashes.
 */
public final class UrlPath {

    static final String NUMBER = "{n}";
    static final String ID = "{id}";

    private static final Pattern ORIGIN = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*");
    private static final int MIN_HEX_DIGITS = 16;
    private static final int MIN_TOKEN_LENGTH = 20;
    private static final int MIN_TOKEN_DIGITS = 4;

    private UrlPath() {}

    /** The folded path. */
    public static String of(String url) {
        String path = withoutOrigin(url);
        StringBuilder folded = new StringBuilder(path.length());
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            char character = i < path.length() ? path.charAt(i) : '?';
            if (character == '/' || character == '?' || character == '#') {
                folded.append(fold(path, start, i));
                if (character != '/') {
                    break;
                }
                folded.append('/');
                start = i + 1;
            }
        }
        return folded.isEmpty() ? "/" : folded.toString();
    }

    private static String withoutOrigin(String url) {
        if (url.startsWith("/")) {
            return url;
        }
        var origin = ORIGIN.matcher(url);
        return origin.lookingAt() ? url.substring(origin.end()) : url;
    }

    private static String fold(String path, int start, int end) {
        int parameters = path.indexOf(';', start);
        String segment =
                path.substring(start, parameters >= 0 && parameters < end ? parameters : end);
        int digits = 0;
        int hexLetters = 0;
        int letters = 0;
        int hyphens = 0;
        for (int i = 0; i < segment.length(); i++) {
            char character = segment.charAt(i);
            if (character >= '0' && character <= '9') {
                digits++;
            } else if (character >= 'a' && character <= 'f'
                    || character >= 'A' && character <= 'F') {
                hexLetters++;
            } else if (character >= 'g' && character <= 'z'
                    || character >= 'G' && character <= 'Z') {
                letters++;
            } else if (character == '-') {
                hyphens++;
            } else {
                return segment;
            }
        }
        if (digits > 0 && digits == segment.length()) {
            return NUMBER;
        }
        boolean isHex = letters == 0 && digits > 0 && digits + hexLetters >= MIN_HEX_DIGITS;
        boolean isToken =
                hyphens == 0 && segment.length() >= MIN_TOKEN_LENGTH && digits >= MIN_TOKEN_DIGITS;
        return isHex || isToken ? ID : segment;
    }
}
