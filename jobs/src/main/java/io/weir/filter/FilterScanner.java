package io.weir.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ShownText;
import java.util.Locale;

/**
 * Takes a filter apart into its words, signs, numbers and texts.
 *
 * <p>A word is of ASCII letters, digits and {@code _ . : -}, a letter first. A number is decimal,
 * with a fraction or a minus sign if need be. In a text a quote is written twice.
 */
final class FilterScanner {

    enum Kind {
        WORD,
        SIGN,
        NUMBER,
        TEXT,
        END
    }

    /**
     * A piece of the filter.
     *
     * @param text of a word, sign or number as it is; of a text what it says
     * @param position of its first character
     */
    record Token(Kind kind, String text, int position) {

        /** Whether it is this keyword, in upper or lower case. */
        boolean isWord(String keyword) {
            return kind == Kind.WORD && text.toLowerCase(Locale.ROOT).equals(keyword);
        }

        boolean isSign(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        /** The token as a message shows it. */
        String shown() {
            return kind == Kind.END ? "the end" : FilterScanner.shown(text);
        }
    }

    private static final int MAX_NUMBER = 40;
    private static final int MAX_SHOWN = 40;
    private static final String SIGNS = "=<>!(),";

    private final String filter;
    private int at;

    FilterScanner(String filter) {
        this.filter = filter;
    }

    static String shown(String text) {
        return "'" + ShownText.of(text.getBytes(UTF_8), MAX_SHOWN) + "'";
    }

    Token next() throws FilterException {
        while (at < filter.length() && Character.isWhitespace(filter.charAt(at))) {
            at++;
        }
        int start = at;
        if (at == filter.length()) {
            return new Token(Kind.END, "", start);
        }
        char first = filter.charAt(at);
        if (first == '\'') {
            return new Token(Kind.TEXT, text(), start);
        }
        if (isDigit(first) || first == '-') {
            return new Token(Kind.NUMBER, number(), start);
        }
        if (isLetter(first)) {
            while (at < filter.length() && isOfWord(filter.charAt(at))) {
                at++;
            }
            return new Token(Kind.WORD, filter.substring(start, at), start);
        }
        if (SIGNS.indexOf(first) >= 0) {
            at += isTwoCharacters() ? 2 : 1;
            return new Token(Kind.SIGN, filter.substring(start, at), start);
        }
        throw new FilterException(
                start,
                "%s is not part of a filter: write texts in single quotes"
                        .formatted(shown(Character.toString(filter.codePointAt(at)))));
    }

    private boolean isTwoCharacters() {
        return at + 1 < filter.length() && Operator.of(filter.substring(at, at + 2)) != null;
    }

    private String text() throws FilterException {
        int start = at;
        StringBuilder text = new StringBuilder();
        for (at++; at < filter.length(); at++) {
            char c = filter.charAt(at);
            if (c == '\'') {
                boolean isTwice = at + 1 < filter.length() && filter.charAt(at + 1) == '\'';
                at++;
                if (!isTwice) {
                    return text.toString();
                }
            }
            text.append(c);
        }
        throw new FilterException(
                start, "the text has no end: close it by a quote, and write quotes in it twice");
    }

    private String number() throws FilterException {
        int start = at;
        at++;
        while (at < filter.length() && isOfWord(filter.charAt(at))) {
            at++;
        }
        String number = filter.substring(start, at);
        if (number.length() > MAX_NUMBER || !number.matches("-?[0-9]+(\\.[0-9]+)?")) {
            throw new FilterException(
                    start,
                    "%s is not a number: write it as 500 or 12.5, with at most %d characters"
                            .formatted(shown(number), MAX_NUMBER));
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isOfWord(char c) {
        return isLetter(c) || isDigit(c) || "_.:-".indexOf(c) >= 0;
    }
}
