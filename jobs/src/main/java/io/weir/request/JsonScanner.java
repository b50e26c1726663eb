package io.weir.request;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Walks the members of one JSON object in UTF-8, and accepts what RFC 8259 accepts and nothing
 * else.
 *
 * <p>One pass checks the grammar of everything, also of what is skipped, and gives the place of
 * each name and value; nothing is copied or converted. Nothing can be concluded from the members
 * before {@link #nextName()} has answered false: only then is the whole text known to be JSON.
 *
 * <p>Stricter than the RFC asks: a byte order mark is refused, and so is nesting deeper than {@link
 * #MAX_DEPTH}. Reused from record to record; not for several threads.
 */
final class JsonScanner {
    /** The outermost value has depth 1. */
    static final int MAX_DEPTH = 1000;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private byte[] text = {};
    private int at;
    private boolean isFirstMember;

    private int start;
    private int end;
    private boolean isEscaped;

    /**
     * Begins a text. When it holds an object, its members follow with {@link #nextName()} and
     * {@link #value()} in turn; when it holds anything else, all of it has been checked.
     *
     * @return what the text holds
     */
    JsonType begin(byte[] newText) throws RejectedException {
        text = newText;
        at = 0;
        skipWhitespace();
        if (peek("a value") == '{') {
            at++;
            isFirstMember = true;
            return JsonType.OBJECT;
        }
        JsonType type = scanValue(1);
        checkEnd();
        return type;
    }

    /** Goes to the name of the next member; false when the object and the text have ended. */
    boolean nextName() throws RejectedException {
        boolean hasMember = nextMember();
        if (hasMember) {
            scanName();
        }
        return hasMember;
    }

    /**
     * Goes to the next member, of which {@link #skipName} or {@link #scanName} reads the name;
     * false when the object and the text have ended.
     */
    boolean nextMember() throws RejectedException {
        boolean hasMember = isFirstMember ? hasFirst('}') : hasNext('}');
        isFirstMember = false;
        if (!hasMember) {
            checkEnd();
        }
        return hasMember;
    }

    /**
     * Goes past the name of a member if it is written like this, and stays before it if not.
     *
     * @param nameAndColon in quotation marks, with the colon
     */
    boolean skipName(byte[] nameAndColon) {
        int next = at + nameAndColon.length;
        if (next > text.length
                || !Arrays.equals(text, at, next, nameAndColon, 0, nameAndColon.length)) {
            return false;
        }
        at = next;
        skipWhitespace();
        return true;
    }

    /** Goes from the name of a member to its value, and says what that is. */
    JsonType value() throws RejectedException {
        isEscaped = false;
        int first = at;
        JsonType type = scanValue(2);
        if (type != JsonType.STRING) {
            start = first;
            end = at;
        }
        return type;
    }

    /** Where the name or value begins; a string begins after its quotation mark. */
    int start() {
        return start;
    }

    /** Where the name or value ends; a string ends before its quotation mark. */
    int end() {
        return end;
    }

    /** Whether it is a string with escape sequences: then its bytes are not yet its text. */
    boolean isEscaped() {
        return isEscaped;
    }

    private JsonType scanValue(int depth) throws RejectedException {
        return switch (peek("a value")) {
            case '"' -> {
                scanString();
                yield JsonType.STRING;
            }
            case '{' -> {
                scanContainer('}', depth);
                yield JsonType.OBJECT;
            }
            case '[' -> {
                scanContainer(']', depth);
                yield JsonType.ARRAY;
            }
            case 't' -> scanLiteral("true", JsonType.BOOLEAN);
            case 'f' -> scanLiteral("false", JsonType.BOOLEAN);
            case 'n' -> scanLiteral("null", JsonType.NULL);
            default -> scanNumber();
        };
    }

    private void scanContainer(char closer, int depth) throws RejectedException {
        if (depth > MAX_DEPTH) {
            throw RejectedException.notJson(
                    "not JSON that is accepted: nested deeper than " + MAX_DEPTH + " levels");
        }
        at++;
        for (boolean hasMore = hasFirst(closer); hasMore; hasMore = hasNext(closer)) {
            if (closer == '}') {
                scanName();
            }
            scanValue(depth + 1);
        }
    }

    /** After the opening bracket: whether something comes before the closing one. */
    private boolean hasFirst(char closer) throws RejectedException {
        skipWhitespace();
        if (peek("a value") != closer) {
            return true;
        }
        at++;
        return false;
    }

    /** After something in a container: whether more of it follows, or the closing bracket. */
    private boolean hasNext(char closer) throws RejectedException {
        skipWhitespace();
        boolean isComma = at < text.length && text[at] == ',';
        if (!isComma && (at == text.length || text[at] != closer)) {
            throw unexpected("',' or '" + closer + "'");
        }
        at++;
        if (isComma) {
            skipWhitespace();
        }
        return isComma;
    }

    /** Goes to the name of a member, and from there to its value. */
    void scanName() throws RejectedException {
        if (at == text.length || text[at] != '"') {
            throw unexpected("'\"'");
        }
        scanString();
        skipWhitespace();
        expect(':');
        skipWhitespace();
    }

    private JsonType scanLiteral(String literal, JsonType meaning) throws RejectedException {
        for (int i = 0; i < literal.length(); i++) {
            expect(literal.charAt(i));
        }
        return meaning;
    }

    private JsonType scanNumber() throws RejectedException {
        JsonType found = JsonType.INTEGER;
        boolean isNegative = text[at] == '-';
        if (isNegative) {
            at++;
        }
        if (at < text.length && text[at] == '0') {
            at++;
        } else {
            scanDigits(isNegative ? "a digit" : "a value");
        }
        if (at < text.length && text[at] == '.') {
            at++;
            scanDigits("a digit");
            found = JsonType.DECIMAL;
        }
        if (at < text.length && (text[at] | 0x20) == 'e') {
            at++;
            if (at < text.length && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            scanDigits("a digit");
            found = JsonType.DECIMAL;
        }
        return found;
    }

    private void scanDigits(String expected) throws RejectedException {
        int i = at;
        while (i < text.length && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        if (i == at) {
            throw unexpected(expected);
        }
        at = i;
    }

    /** Scans a string, of which only the first quotation mark has been looked at. */
    private void scanString() throws RejectedException {
        byte[] bytes = text;
        int i = at + 1;
        start = i;
        isEscaped = false;
        while (true) {
            i = endOfPlain(bytes, i);
            at = i;
            byte b = peek("the end of the text that began");
            if (b == '"') {
                end = i;
                at = i + 1;
                return;
            }
            if (b == '\\') {
                isEscaped = true;
                at++;
                scanEscape();
                i = at;
            } else if (b < 0) {
                i += Utf8.lengthOfCharacter(bytes, i);
            } else {
                throw unexpected("no control character in text");
            }
        }
    }

    /** Where the ASCII characters end that mean themselves; eight are looked at in one step. */
    private static int endOfPlain(byte[] bytes, int from) {
        int i = from;
        for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, i);
            long quotes = eight ^ '"' * EACH;
            long backslashes = eight ^ '\\' * EACH;
            // The lowest high bit that is set is of the first byte that is zero or below a space.
            long special =
                    (quotes - EACH & ~quotes
                                    | backslashes - EACH & ~backslashes
                                    | eight - ' ' * EACH & ~eight
                                    | eight)
                            & HIGH_BITS;
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >> 3);
            }
        }
        while (i < bytes.length && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    private void scanEscape() throws RejectedException {
        switch (peek("an escape sequence")) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
            case 'u' -> {
                at++;
                for (int i = 0; i < 4; i++) {
                    if (Character.digit(peek("a hexadecimal digit"), 16) < 0) {
                        throw unexpected("a hexadecimal digit");
                    }
                    at++;
                }
            }
            default -> throw unexpected("an escape sequence");
        }
    }

    private void checkEnd() throws RejectedException {
        skipWhitespace();
        if (at < text.length) {
            throw unexpected("the end of the record");
        }
    }

    private void skipWhitespace() {
        while (at < text.length
                && text[at] <= ' '
                && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private byte peek(String expected) throws RejectedException {
        if (at >= text.length) {
            throw unexpected(expected);
        }
        return text[at];
    }

    private void expect(char expected) throws RejectedException {
        if (at >= text.length || text[at] != expected) {
            throw unexpected("'" + expected + "'");
        }
        at++;
    }

    private RejectedException unexpected(String expected) {
        String found = at < text.length ? describe(text[at]) : "the end of the record";
        return RejectedException.notJson(
                "not JSON: expected " + expected + " at byte " + at + ", found " + found);
    }

    private static String describe(byte b) {
        return b > ' ' && b < 0x7f ? "'" + (char) b + "'" : String.format("byte 0x%02x", b & 0xff);
    }
}
