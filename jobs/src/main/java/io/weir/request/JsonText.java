package io.weir.request;

import java.nio.charset.StandardCharsets;

/**
 * The text of a JSON string in UTF-8: where it has no escape sequences the bytes of the record
 * themselves, otherwise a copy in which they are replaced. Reused from string to string.
 *
 * <p>An escaped surrogate that has no partner is no character and becomes U+FFFD.
 */
final class JsonText {
    private byte[] bytes = {};
    private int from;
    private int to;
    private byte[] unescaped = new byte[256];

    /** Takes the string between {@code start} and {@code end}, which the scanner has checked. */
    void set(byte[] record, int start, int end, boolean isEscaped) {
        if (isEscaped) {
            unescape(record, start, end);
        } else {
            bytes = record;
            from = start;
            to = end;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int length() {
        return to - from;
    }

    @Override
    public String toString() {
        return new String(bytes, from, length(), StandardCharsets.UTF_8);
    }

    private void unescape(byte[] record, int start, int end) {
        // No escape sequence is shorter than what it stands for.
        if (unescaped.length < end - start) {
            unescaped = new byte[end - start];
        }
        bytes = unescaped;
        from = 0;
        to = 0;
        int i = start;
        while (i < end) {
            if (record[i] != '\\') {
                unescaped[to++] = record[i++];
            } else if (record[i + 1] != 'u') {
                unescaped[to++] = meaningOf(record[i + 1]);
                i += 2;
            } else {
                i = unescapeUnicode(record, i, end);
            }
        }
    }

    private static byte meaningOf(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }

    private int unescapeUnicode(byte[] record, int at, int end) {
        char first = unitAt(record, at);
        if (!Character.isSurrogate(first)) {
            append(first);
            return at + 6;
        }
        boolean isFollowed = at + 12 <= end && record[at + 6] == '\\' && record[at + 7] == 'u';
        if (isFollowed && Character.isSurrogatePair(first, unitAt(record, at + 6))) {
            append(Character.toCodePoint(first, unitAt(record, at + 6)));
            return at + 12;
        }
        append(0xfffd);
        return at + 6;
    }

    private static char unitAt(byte[] record, int at) {
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            unit = (unit << 4) | Character.digit(record[i], 16);
        }
        return (char) unit;
    }

    private void append(int codePoint) {
        if (codePoint < 0x80) {
            unescaped[to++] = (byte) codePoint;
            return;
        }
        if (codePoint < 0x800) {
            unescaped[to++] = (byte) (0xc0 | (codePoint >> 6));
        } else if (codePoint < 0x10000) {
            unescaped[to++] = (byte) (0xe0 | (codePoint >> 12));
            unescaped[to++] = sixBits(codePoint >> 6);
        } else {
            unescaped[to++] = (byte) (0xf0 | (codePoint >> 18));
            unescaped[to++] = sixBits(codePoint >> 12);
            unescaped[to++] = sixBits(codePoint >> 6);
        }
        unescaped[to++] = sixBits(codePoint);
    }

    private static byte sixBits(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }
}
