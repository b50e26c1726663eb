package io.weir.request;

import java.nio.charset.StandardCharsets;

/** A piece of a record as messages show it: short, and with nothing that a terminal obeys. */
final class ShownText {
    private static final int MAX_CHARACTERS = 60;
    private static final int MAX_BYTES_OF_CHARACTER = 4;

    private ShownText() {}

    static String of(byte[] utf8, int from, int to) {
        int length = Math.min(to - from, (MAX_CHARACTERS + 1) * MAX_BYTES_OF_CHARACTER);
        String text = new String(utf8, from, length, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_CHARACTERS)
                .map(codePoint -> isPrintable(codePoint) ? codePoint : '?')
                .forEach(shown::appendCodePoint);
        if (text.codePointCount(0, text.length()) > MAX_CHARACTERS) {
            shown.append("...");
        }
        return shown.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
