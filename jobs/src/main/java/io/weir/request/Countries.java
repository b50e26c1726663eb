package io.weir.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The countries of ISO 3166-1, one String for each code for the whole life of the process.
 *
 * <p>The list is a file of ours, not that of the Java that happens to run: a replay on another
 * version must count the same.
 */
final class Countries {
    /** The country of a request whose country is not known. */
    static final String UNKNOWN = "ZZ";

    private static final int LETTERS = 26;
    private static final int MAX_NAME_BYTES = 64;
    private static final List<String[]> LIST = read("countries.tsv");
    private static final String[] BY_LETTERS = byLetters();
    private static final Map<String, String> BY_NAME = byName();

    private Countries() {}

    /**
     * The alpha-2 code in upper case of a country that is given by its alpha-2 code, alpha-3 code
     * or English name, whatever the case; {@link #UNKNOWN} for other text. Only alpha-2 codes,
     * which most events have, are read without making a String.
     */
    static String codeOf(byte[] text, int from, int to) {
        int length = to - from;
        if (length == 2) {
            return codeOf(text[from], text[from + 1]);
        }
        return length > MAX_NAME_BYTES
                ? UNKNOWN
                : BY_NAME.getOrDefault(lower(new String(text, from, length, UTF_8)), UNKNOWN);
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
        for (String[] country : LIST) {
            String code = country[0];
            codes[(code.charAt(0) - 'A') * LETTERS + code.charAt(1) - 'A'] = code;
        }
        return codes;
    }

    private static Map<String, String> byName() {
        Map<String, String> codes = new HashMap<>();
        for (String[] country : LIST) {
            for (int i = 1; i < country.length; i++) {
                codes.put(lower(country[i]), country[0]);
            }
        }
        return codes;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Each line's code, followed by what else the country is called. */
    private static List<String[]> read(String resource) {
        try (InputStream bytes =
                        Objects.requireNonNull(Countries.class.getResourceAsStream(resource));
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
