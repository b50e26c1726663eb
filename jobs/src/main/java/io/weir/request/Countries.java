package io.weir.request;

import java.util.Arrays;
import java.util.Locale;

/** The country codes of ISO 3166-1, one String for each for the whole life of the process. */
final class Countries {
    /** The country of a request whose country is not known. */
    static final String UNKNOWN = "ZZ";

    private static final int LETTERS = 26;
    private static final String[] BY_LETTERS = byLetters();

    private Countries() {}

    /** The code in upper case, or {@link #UNKNOWN} for text that is no code. */
    static String codeOf(byte[] text, int from, int to) {
        if (to - from != 2) {
            return UNKNOWN;
        }
        return codeOf(text[from], text[from + 1]);
    }

    /** The same for two letters. */
    static String codeOf(byte firstLetter, byte secondLetter) {
        int first = (firstLetter | 0x20) - 'a';
        int second = (secondLetter | 0x20) - 'a';
        if (first < 0 || first >= LETTERS || second < 0 || second >= LETTERS) {
            return UNKNOWN;
        }
        return BY_LETTERS[first * LETTERS + second];
    }

    private static String[] byLetters() {
        String[] codes = new String[LETTERS * LETTERS];
        Arrays.fill(codes, UNKNOWN);
        for (String code : Locale.getISOCountries()) {
            codes[(code.charAt(0) - 'A') * LETTERS + code.charAt(1) - 'A'] = code;
        }
        return codes;
    }
}
