package io.weir.request;

import java.nio.charset.StandardCharsets;

/**
 * The text of a JSON string in UTF-8: where it has no escape sequences the bytes of the record
 * themselves, otherwise a copy in which they are replaced. Reused from string to string.
 *
 * <p>An escaped surrogate that has no partner is no character and becomes U+FFFD.
 */
final class FieldText {
    private byte[] bytes = {};
    private int from;
    private int to;

    /** Takes the string between {@code start} and {@code end}, which the scanner has checked. */
    FieldText set(byte[] record, int start, int end, boolean isEscaped) {
        bytes = isEscaped ? unescaped(record, start, end) : record;
        from = isEscaped ? 0 : start;
        to = isEscaped ? bytes.length : end;
        return this;
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

    private static byte[] unescaped(byte[] record, int start, int end) {
        String json = new String(record, start, end - start, StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char character = json.charAt(i);
            if (character == '\\') {
                i++;
                if (json.charAt(i) == 'u') {
                    character = (char) Integer.parseInt(json, i + 1, i + 5, 16);
                    i += 4;
                } else {
                    character = meaningOf(json.charAt(i));
                }
            }
            text.append(character);
        }
        int[] characters = text.codePoints().map(FieldText::orReplacement).toArray();
        return new String(characters, 0, characters.length).getBytes(StandardCharsets.UTF_8);
    }

    private static char meaningOf(char letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }

    private static int orReplacement(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE ? 0xfffd : codePoint;
    }
}
