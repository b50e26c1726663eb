package io.weir.request;

/** Checks UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** The number of bytes of the character above U+007F that begins at {@code at}. */
    static int lengthOfCharacter(byte[] text, int at) throws RejectedException {
        int length = lengthOrZero(text, at);
        if (length == 0) {
            throw RejectedException.notJson(
                    String.format(
                            "not JSON: byte 0x%02x at byte %d does not begin a UTF-8 character",
                            text[at] & 0xff, at));
        }
        return length;
    }

    private static int lengthOrZero(byte[] text, int at) {
        int lead = text[at] & 0xff;
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        if (lead < 0xe0) {
            return isBetween(text, at + 1, 0x80, 0xbf) ? 2 : 0;
        }
        if (lead < 0xf0) {
            int low = lead == 0xe0 ? 0xa0 : 0x80;
            int high = lead == 0xed ? 0x9f : 0xbf;
            return isBetween(text, at + 1, low, high) && isBetween(text, at + 2, 0x80, 0xbf)
                    ? 3
                    : 0;
        }
        int low = lead == 0xf0 ? 0x90 : 0x80;
        int high = lead == 0xf4 ? 0x8f : 0xbf;
        return isBetween(text, at + 1, low, high)
                        && isBetween(text, at + 2, 0x80, 0xbf)
                        && isBetween(text, at + 3, 0x80, 0xbf)
                ? 4
                : 0;
    }

    private static boolean isBetween(byte[] text, int at, int low, int high) {
        return at < text.length && (text[at] & 0xff) >= low && (text[at] & 0xff) <= high;
    }
}
