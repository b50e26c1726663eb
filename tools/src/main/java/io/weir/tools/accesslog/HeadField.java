package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.ClientAddress;

/**
 * A field in front of a line's time: a word, a list of addresses with commas, or what is in
 * quotation marks.
 *
 * @param end where it ends in the line
 * @param text as written; of an address its one spelling; of a host its name without the port
 */
record HeadField(Kind kind, int end, String text, boolean hasPort) {

    enum Kind {
        /**
         * {@code -}, {@code unknown}, nginx's name for any server {@code _}, who comes by a Unix
         * socket ({@code unix:} of nginx, {@code unix:1} of HAProxy), or nothing.
         */
        NOTHING,
        ADDRESS,
        /** Of addresses, as X-Forwarded-For has them; the text is the first one. */
        LIST,
        /** A host's name: with a dot, or with a port, or localhost. */
        HOST,
        /** A name that may be a host's, or anything else. */
        NAME,
        /** Neither. */
        OTHER
    }

    private static final int MAX_PORT_DIGITS = 5;
    private static final String UNIX = "unix:";

    /** The field that begins at {@code from}. */
    static HeadField at(LineText line, int from, int to) {
        if (line.has(from, '"')) {
            int close = Math.min(to, line.closingQuote(from + 1));
            return ofText(line, from + 1, close, Math.min(to, close + 1));
        }
        int end = line.afterWord(from, to);
        int next = Math.min(to, line.afterBlanks(end));
        while (next < to && end > from && (line.has(end - 1, ',') || line.has(next, ','))) {
            end = line.afterWord(next, to);
            next = Math.min(to, line.afterBlanks(end));
        }
        return ofText(line, from, end, end);
    }

    boolean isAddress() {
        return kind == Kind.ADDRESS || kind == Kind.LIST;
    }

    boolean isName() {
        return kind == Kind.HOST || kind == Kind.NAME;
    }

    /** Whether it is the address of a network that is not part of the internet. */
    boolean isPrivate() {
        return text.startsWith("10.")
                || text.startsWith("127.")
                || text.startsWith("192.168.")
                || text.startsWith("169.254.")
                || text.matches("172\\.(1[6-9]|2[0-9]|3[01])\\..*")
                || text.equals("::1")
                || text.matches("(f[cd]|fe[89ab]).*");
    }

    private static HeadField ofText(LineText line, int from, int to, int end) {
        if (isNothing(line, from, to)) {
            return new HeadField(Kind.NOTHING, end, "-", false);
        }
        String address = ClientAddress.canonical(line.bytes(), from, to);
        if (address != null) {
            boolean hasPort =
                    line.has(from, '[') ? !line.has(to - 1, ']') : isV4AndPort(line, from, to);
            return new HeadField(Kind.ADDRESS, end, address, hasPort);
        }
        if (line.find(',', from, to) < to) {
            return ofList(line, from, to, end);
        }
        int colon = line.find(':', from, to);
        boolean hasPort = colon < to && isPort(line, colon + 1, to);
        String name = nameAt(line, from, hasPort ? colon : to);
        return new HeadField(kindOf(name, hasPort), end, name, hasPort);
    }

    private static boolean isNothing(LineText line, int from, int to) {
        return switch (to - from) {
            case 0 -> true;
            case 1 -> line.has(from, '-') || line.has(from, '_');
            case 7 -> line.startsWith("unknown", from) || isUnixSocket(line, from, to);
            default -> isUnixSocket(line, from, to);
        };
    }

    private static boolean isUnixSocket(LineText line, int from, int to) {
        return to - from >= UNIX.length() && line.startsWith(UNIX, from);
    }

    /** In UTF-8, and where it is none in Latin-1. */
    private static String nameAt(LineText line, int from, int to) {
        String utf8 = new String(line.bytes(), from, to - from, UTF_8);
        return utf8.indexOf('\ufffd') < 0 ? utf8 : line.text(from, to);
    }

    private static boolean isV4AndPort(LineText line, int from, int to) {
        int colon = line.find(':', from, to);
        return colon < to && line.find(':', colon + 1, to) == to;
    }

    private static boolean isPort(LineText line, int from, int to) {
        return from < to && to - from <= MAX_PORT_DIGITS && line.afterDigits(from) == to;
    }

    /** The first address is the client; the others are proxies that it came through. */
    private static HeadField ofList(LineText line, int from, int to, int end) {
        boolean hasOther = false;
        int at = from;
        while (at < to) {
            int comma = line.find(',', at, to);
            int start = Math.min(comma, line.afterBlanks(at));
            int elementEnd = line.afterWord(start, comma);
            HeadField element = ofText(line, start, elementEnd, elementEnd);
            if (element.kind == Kind.ADDRESS) {
                return new HeadField(Kind.LIST, end, element.text, false);
            }
            hasOther |= element.kind != Kind.NOTHING;
            at = comma + 1;
        }
        return new HeadField(hasOther ? Kind.OTHER : Kind.NOTHING, end, "-", false);
    }

    private static Kind kindOf(String name, boolean hasPort) {
        if (name.equals("localhost") || name.equals("*") && hasPort) {
            return Kind.HOST;
        }
        int length = name.endsWith(".") ? name.length() - 1 : name.length();
        int lastLabel = name.lastIndexOf('.', length - 1) + 1;
        for (int i = 0; i < length; i++) {
            if (!isOfName(name.charAt(i)) || name.charAt(i) == '.' && name.charAt(i + 1) == '.') {
                return Kind.OTHER;
            }
        }
        if (lastLabel >= length || !isLetter(name.charAt(lastLabel))) {
            return Kind.OTHER;
        }
        return hasPort || lastLabel > 0 ? Kind.HOST : Kind.NAME;
    }

    private static boolean isOfName(char character) {
        return isLetter(character)
                || character >= '0' && character <= '9'
                || character == '-'
                || character == '.'
                || character == '*';
    }

    /** Names in other alphabets come as bytes beyond ASCII; blanks are there too. */
    private static boolean isLetter(char character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character == '_'
                || character >= 0x80 && character != 0x85 && character != 0xa0;
    }
}
