package io.weir.request;

import java.nio.charset.StandardCharsets;

/** A piece of a record as people are shown it: short, and with nothing that a terminal obeys. */
public final class ShownText {
    private static final int MAX_CHARACTERS = 60;
    private static final int MAX_BYTES_OF_CHARACTER = 4;

    private ShownText() {}

    /**
     * The beginning of a text: what is not printable becomes a question mark, and dots stand for
     * what is left out.
     *
     * @param maxCharacters how many characters are shown, below 2^28
     */
    public static String of(byte[] utf8, int maxCharacters) {
        return of(utf8, 0, utf8.length, maxCharacters);
    }

    static String of(byte[] utf8, int from, int to) {
        return of(utf8, from, to, MAX_CHARACTERS);
    }

    private static String of(byte[] utf8, int from, int to, int maxCharacters) {
        int length = Math.min(to - from, (maxCharacters + 1) * MAX_BYTES_OF_CHARACTER);
        String text = new String(utf8, from, length, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(maxCharacters)
                .map(codePoint -> isPrintable(codePoint) ? codePoint : '?')
                .forEach(shown::appendCodePoint);
        if (text.codePointCount(0, text.length()) > maxCharacters) {
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
