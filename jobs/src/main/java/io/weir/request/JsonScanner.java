package io.weir.request;

/**
 * Walks the members of one JSON object in UTF-8, and accepts what RFC 8259 accepts and nothing
 * else.
 *
 * <p>One pass checks the grammar of everything, also of what is skipped, and tells for each member
 * where its name and its value lie; no value is copied or converted. Nothing can be concluded from
 * the members before {@link #nextMember()} has answered false: only then is the whole text known to
 * be JSON.
 *
 * <p>Stricter than the RFC asks: a byte order mark is refused, and so is nesting deeper than {@link
 * #MAX_DEPTH}. Reused from record to record; not for several threads.
 */
final class JsonScanner {
    /** The outermost value has depth 1. */
    static final int MAX_DEPTH = 1000;

    private static final byte[] NOTHING = {};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** The bracket that closes each container that is open. */
    private final byte[] closers = new byte[MAX_DEPTH];

    private byte[] text = NOTHING;
    private int at;
    private int depth;
    private boolean isFirstMember;

    private int nameStart;
    private int nameEnd;
    private boolean isNameEscaped;
    private JsonType type = JsonType.NULL;
    private int valueStart;
    private int valueEnd;
    private boolean isValueEscaped;

    /** Set by scanning a string. */
    private boolean isEscaped;

    /**
     * Begins a text. When it holds an object, its members follow with {@link #nextMember()}; when
     * it holds anything else, all of it has been checked.
     *
     * @return what the text holds
     */
    JsonType begin(byte[] newText) throws RejectedException {
        text = newText;
        at = 0;
        depth = 0;
        skipWhitespace();
        if (peek("a value") == '{') {
            push();
            isFirstMember = true;
            return JsonType.OBJECT;
        }
        scanValue();
        checkEnd();
        return type;
    }

    /** Goes to the next member; false when the object and the text have ended. */
    boolean nextMember() throws RejectedException {
        skipWhitespace();
        if (isFirstMember) {
            isFirstMember = false;
            if (peek("a name or '}'") == '}') {
                at++;
                checkEnd();
                return false;
            }
        } else {
            byte separator = peek("',' or '}'");
            if (separator == '}') {
                at++;
                checkEnd();
                return false;
            }
            expect(',');
            skipWhitespace();
        }
        scanName();
        scanValue();
        return true;
    }

    int nameStart() {
        return nameStart;
    }

    int nameEnd() {
        return nameEnd;
    }

    /** Whether the name holds escape sequences: then its bytes are not yet its text. */
    boolean isNameEscaped() {
        return isNameEscaped;
    }

    /** What the value of this member is. */
    JsonType type() {
        return type;
    }

    /** Where the value begins; a string begins after its quotation mark. */
    int valueStart() {
        return valueStart;
    }

    /** Where the value ends; a string ends before its quotation mark. */
    int valueEnd() {
        return valueEnd;
    }

    /** Whether the value is a string with escape sequences. */
    boolean isValueEscaped() {
        return isValueEscaped;
    }

    private void scanName() throws RejectedException {
        expect('"');
        nameStart = at;
        scanString();
        nameEnd = at - 1;
        isNameEscaped = isEscaped;
        skipWhitespace();
        expect(':');
        skipWhitespace();
    }

    private void scanValue() throws RejectedException {
        isValueEscaped = false;
        byte first = peek("a value");
        if (first == '"') {
            type = JsonType.STRING;
            at++;
            valueStart = at;
            scanString();
            valueEnd = at - 1;
            isValueEscaped = isEscaped;
            return;
        }
        valueStart = at;
        if (first == '{' || first == '[') {
            scanContainer();
            type = first == '{' ? JsonType.OBJECT : JsonType.ARRAY;
        } else {
            type = scanScalar(first);
        }
        valueEnd = at;
    }

    /** Skips an object or array, with a stack of its own: a nested call could overflow Java's. */
    private void scanContainer() throws RejectedException {
        int outerDepth = depth;
        push();
        boolean isEmptySoFar = true;
        while (true) {
            skipWhitespace();
            byte closer = closers[depth - 1];
            if (isEmptySoFar && peek("a value") == closer) {
                at++;
                depth--;
            } else {
                if (closer == '}') {
                    skipName();
                }
                byte first = peek("a value");
                if (first == '{' || first == '[') {
                    push();
                    isEmptySoFar = true;
                    continue;
                }
                scanScalar(first);
            }
            closeContainers(outerDepth);
            if (depth == outerDepth) {
                return;
            }
            isEmptySoFar = false;
        }
    }

    /** After a value in a container: closes what ends here, up to the comma before the next. */
    private void closeContainers(int outerDepth) throws RejectedException {
        while (depth > outerDepth) {
            skipWhitespace();
            byte closer = closers[depth - 1];
            byte next = peek(closer == '}' ? "',' or '}'" : "',' or ']'");
            if (next == ',') {
                at++;
                return;
            }
            expect((char) closer);
            depth--;
        }
    }

    private void skipName() throws RejectedException {
        expect('"');
        scanString();
        skipWhitespace();
        expect(':');
        skipWhitespace();
    }

    private void push() throws RejectedException {
        if (depth == MAX_DEPTH) {
            throw RejectedException.notJson(
                    "not JSON that is accepted: nested deeper than " + MAX_DEPTH + " levels");
        }
        closers[depth++] = (byte) (text[at++] == '{' ? '}' : ']');
    }

    private JsonType scanScalar(byte first) throws RejectedException {
        return switch (first) {
            case '"' -> {
                at++;
                scanString();
                yield JsonType.STRING;
            }
            case 't' -> scanLiteral(TRUE, JsonType.BOOLEAN);
            case 'f' -> scanLiteral(FALSE, JsonType.BOOLEAN);
            case 'n' -> scanLiteral(NULL, JsonType.NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> scanNumber();
            default -> throw unexpected("a value");
        };
    }

    private JsonType scanLiteral(byte[] literal, JsonType meaning) throws RejectedException {
        for (byte letter : literal) {
            expect((char) letter);
        }
        return meaning;
    }

    private JsonType scanNumber() throws RejectedException {
        JsonType found = JsonType.INTEGER;
        if (text[at] == '-') {
            at++;
        }
        if (at < text.length && text[at] == '0') {
            at++;
        } else {
            scanDigits();
        }
        if (at < text.length && text[at] == '.') {
            at++;
            scanDigits();
            found = JsonType.DECIMAL;
        }
        if (at < text.length && (text[at] | 0x20) == 'e') {
            at++;
            if (at < text.length && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            scanDigits();
            found = JsonType.DECIMAL;
        }
        return found;
    }

    private void scanDigits() throws RejectedException {
        if (!isDigit(peek("a digit"))) {
            throw unexpected("a digit");
        }
        do {
            at++;
        } while (at < text.length && isDigit(text[at]));
    }

    /** Scans the rest of a string, after its first quotation mark and including the last one. */
    private void scanString() throws RejectedException {
        byte[] bytes = text;
        int i = at;
        isEscaped = false;
        while (i < bytes.length) {
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return;
            }
            if (b == '\\') {
                isEscaped = true;
                at = i + 1;
                scanEscape();
                i = at;
            } else if (b >= ' ') {
                i++;
            } else if (b < 0) {
                i += Utf8.lengthOfCharacter(bytes, i);
            } else {
                at = i;
                throw unexpected("no control character in text");
            }
        }
        at = i;
        throw unexpected("the end of the text that began");
    }

    private void scanEscape() throws RejectedException {
        switch (peek("an escape sequence")) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
            case 'u' -> scanHexadecimal();
            default -> throw unexpected("an escape sequence");
        }
    }

    private void scanHexadecimal() throws RejectedException {
        at++;
        for (int i = 0; i < 4; i++) {
            if (Character.digit(peek("a hexadecimal digit"), 16) < 0) {
                throw unexpected("a hexadecimal digit");
            }
            at++;
        }
    }

    private void checkEnd() throws RejectedException {
        skipWhitespace();
        if (at < text.length) {
            throw unexpected("the end of the record");
        }
    }

    private void skipWhitespace() {
        while (at < text.length) {
            byte b = text[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
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
