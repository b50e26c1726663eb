package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a line, and where things in them end. Fields are separated by blanks: spaces and
 * tabs. No method looks further than what it finds.
 *
 * @param length how many of the bytes count
 */
record LineText(byte[] bytes, int length) {

    /** A line without the carriage returns at its end. */
    static LineText of(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        return new LineText(bytes, length);
    }

    LineText withoutBlanksAtEnd() {
        int end = length;
        while (isBlank(end - 1)) {
            end--;
        }
        return end == length ? this : new LineText(bytes, end);
    }

    boolean has(int at, char character) {
        return at >= 0 && at < length && bytes[at] == character;
    }

    boolean isBlank(int at) {
        return has(at, ' ') || has(at, '\t');
    }

    boolean isDigit(int at) {
        return at < length && bytes[at] >= '0' && bytes[at] <= '9';
    }

    /** Where a field begins: after the blanks that begin here. */
    int afterBlanks(int from) {
        int at = from;
        while (isBlank(at)) {
            at++;
        }
        return at;
    }

    /** Where the digits that begin here end. */
    int afterDigits(int from) {
        int at = from;
        while (isDigit(at)) {
            at++;
        }
        return at;
    }

    /** Where the word that begins here ends: at a blank or the end. */
    int afterWord(int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ' ' && bytes[at] != '\t') {
            at++;
        }
        return at;
    }

    /** Where this character is, or {@code to}. */
    int find(char character, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != character) {
            at++;
        }
        return at;
    }

    /** Where the closing quotation mark is, before which a backslash escapes one, or the length. */
    int closingQuote(int from) {
        int at = from;
        while (at < length && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, length);
    }

    boolean startsWith(String latin1, int at) {
        if (at + latin1.length() > length) {
            return false;
        }
        for (int i = 0; i < latin1.length(); i++) {
            if ((bytes[at + i] & 0xff) != latin1.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** What stands between blanks from here on, without the quotation marks around some. */
    List<String> words(int from) {
        List<String> words = new ArrayList<>();
        int at = afterBlanks(from);
        while (at < length) {
            int end = afterWord(at, length);
            boolean isQuoted = end - at > 1 && has(at, '"') && has(end - 1, '"');
            words.add(isQuoted ? text(at + 1, end - 1) : text(at, end));
            at = afterBlanks(end);
        }
        return words;
    }

    /** The fields from here on, without the quotation marks around some, which may hold blanks. */
    List<String> fields(int from) {
        List<String> fields = new ArrayList<>();
        int at = afterBlanks(from);
        while (at < length) {
            boolean isQuoted = has(at, '"');
            int end = isQuoted ? closingQuote(at + 1) : afterWord(at, length);
            fields.add(text(isQuoted ? at + 1 : at, end));
            at = afterBlanks(Math.min(length, isQuoted ? end + 1 : end));
        }
        return fields;
    }

    /** Digits that make a number; the largest long where that is too small for them. */
    long number(int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (number > (Long.MAX_VALUE - digit) / 10) {
                return Long.MAX_VALUE;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Bytes are taken for Latin-1, so every line is text. */
    String text(int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
