package io.weir.request;

import org.jspecify.annotations.Nullable;

/**
 * Checks that bytes are one JSON text by RFC 8259 in valid UTF-8, nested no deeper than {@link
 * #MAX_DEPTH}. Fast readers accept much that is none (comments, single quotes, missing commas), and
 * a producer's mistake should be found on its first record, not when another reader is used.
 *
 * <p>One instance checks one text.
 */
final class StrictJson {

    static final int MAX_DEPTH = 200;

    private final byte[] bytes;
    private int at;
    private int depth;
    private @Nullable String problem;

    private StrictJson(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What is wrong and where, or null when the bytes are a JSON text. */
    static @Nullable String problemIn(byte[] bytes) {
        StrictJson json = new StrictJson(bytes);
        json.space();
        if (json.value()) {
            json.space();
            if (json.at < bytes.length) {
                json.fail("something follows the end of the value");
            }
        }
        return json.problem;
    }

    private boolean fail(String what) {
        if (problem == null) {
            problem = what + " at byte " + at;
        }
        return false;
    }

    private int peek() {
        return at < bytes.length ? bytes[at] : -1;
    }

    private void space() {
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private boolean value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case -1 -> at < bytes.length ? fail("an unexpected byte") : fail("the text is cut off");
            default -> number();
        };
    }

    private boolean object() {
        if (!enter()) {
            return false;
        }
        if (peek() == '}') {
            return leave();
        }
        while (true) {
            if (peek() != '"') {
                return fail(
                        at < bytes.length ? "a name in quotes is missing" : "the text is cut off");
            }
            if (!string() || !separator(':') || !value()) {
                return false;
            }
            space();
            if (peek() == '}') {
                return leave();
            }
            if (!separator(',')) {
                return false;
            }
        }
    }

    private boolean array() {
        if (!enter()) {
            return false;
        }
        if (peek() == ']') {
            return leave();
        }
        while (true) {
            if (!value()) {
                return false;
            }
            space();
            if (peek() == ']') {
                return leave();
            }
            if (!separator(',')) {
                return false;
            }
        }
    }

    private boolean enter() {
        if (++depth > MAX_DEPTH) {
            return fail("nested deeper than " + MAX_DEPTH);
        }
        at++;
        space();
        return true;
    }

    private boolean leave() {
        depth--;
        at++;
        return true;
    }

    private boolean separator(char expected) {
        space();
        if (peek() != expected) {
            return fail(
                    at < bytes.length ? "'" + expected + "' is missing" : "the text is cut off");
        }
        at++;
        space();
        return true;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                return fail("'" + word + "' is not complete");
            }
        }
        return true;
    }

    private boolean number() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else if (!digits()) {
            return false;
        }
        if (peek() == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at > from || fail(at < bytes.length ? "an unexpected byte" : "the text is cut off");
    }

    private boolean string() {
        at++;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '"') {
                at++;
                return true;
            }
            if (b >= 0 && b < ' ') {
                return fail("a control character in a text");
            }
            if (b == '\\' ? !escape() : !character(b)) {
                return false;
            }
        }
        return fail("the text is cut off");
    }

    private boolean escape() {
        at++;
        switch (peek()) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                at++;
                return true;
            }
            case 'u' -> {
                at++;
                for (int i = 0; i < 4; i++, at++) {
                    if (Character.digit(peek(), 16) < 0) {
                        return fail("an incomplete \\u escape");
                    }
                }
                return true;
            }
            default -> {
                return fail("an unknown escape");
            }
        }
    }

    private boolean character(byte lead) {
        if (lead >= 0) {
            at++;
            return true;
        }
        int code = lead & 0xff;
        int length = code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : 2;
        if (code < 0xc2 || code > 0xf4 || at + length > bytes.length) {
            return fail("not UTF-8");
        }
        int second = bytes[at + 1] & 0xff;
        boolean isOverlongOrSurrogate =
                code == 0xe0 && second < 0xa0
                        || code == 0xed && second > 0x9f
                        || code == 0xf0 && second < 0x90
                        || code == 0xf4 && second > 0x8f;
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80 || isOverlongOrSurrogate) {
                return fail("not UTF-8");
            }
        }
        at += length;
        return true;
    }
}
