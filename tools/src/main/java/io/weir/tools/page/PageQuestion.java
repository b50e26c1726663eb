package io.weir.tools.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.schema.NamedQuery;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a query is asked with.
 *
 * @param from part of the range
 * @param to not part of it
 * @param site {@link NamedQuery#ALL_SITES} for all of them together
 * @param domain of the site that is looked for by its name, otherwise null
 * @param points about how many points a series shall have
 */
record PageQuestion(Instant from, Instant to, int site, @Nullable String domain, int points) {

    private static final Set<String> NAMES = Set.of("from", "to", "site", "domain", "points");
    private static final int MAX_POINTS = 2000;
    private static final int MAX_SHOWN = 40;

    /** The last second of the year 9999, which PostgreSQL and the page can both write. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9.-]{1,253}");
    private static final Pattern BACK = Pattern.compile("\\d{1,6}[smhd]");

    /**
     * Reads {@code from=3h&to=1767225600&site=17&points=300} or {@code domain=shop.example}; each
     * may be left out.
     *
     * <p>Times are seconds since 1970. {@code to} is now unless given; {@code from} may be a
     * duration before it.
     *
     * @throws PageException when a parameter is wrong or unknown
     */
    static PageQuestion parse(@Nullable String query, Instant now) {
        Map<String, String> given = split(query);
        String toText = given.get("to");
        Instant to = toText == null ? now : instant("to", toText);
        Instant from = from(given.getOrDefault("from", "1h"), to);
        if (!from.isBefore(to)) {
            throw PageException.badQuestion("from must be before to");
        }
        return new PageQuestion(
                from,
                to,
                site(given.get("site")),
                domain(given.get("domain")),
                number("points", given.getOrDefault("points", "300"), 1, MAX_POINTS));
    }

    private static Map<String, String> split(@Nullable String query) {
        Map<String, String> given = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return given;
        }
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            if (!NAMES.contains(name)) {
                throw PageException.badQuestion(
                        "%s is not a parameter: from, to, site, domain and points are"
                                .formatted(quoted(name)));
            }
            if (given.put(name, parts.length == 1 ? "" : decode(parts[1])) != null) {
                throw PageException.badQuestion(name + " is given twice");
            }
        }
        return given;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw PageException.badQuestion(quoted(text) + " is not a parameter's text");
        }
    }

    private static Instant from(String text, Instant to) {
        if (!BACK.matcher(text).matches()) {
            return instant("from", text);
        }
        Duration back = Duration.parse((text.endsWith("d") ? "P" : "PT") + text);
        Instant from = to.minus(back);
        return from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
    }

    private static Instant instant(String name, String text) {
        if (!text.matches("\\d{1,12}") || Long.parseLong(text) > LAST_SECOND) {
            throw PageException.badQuestion(
                    "%s: %s is neither seconds since 1970 nor, for from, a duration like 3h"
                            .formatted(name, quoted(text)));
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    private static @Nullable String domain(@Nullable String text) {
        if (text != null && !DOMAIN.matcher(text).matches()) {
            throw PageException.badQuestion("domain: " + quoted(text) + " is not a domain");
        }
        return text;
    }

    private static int site(@Nullable String text) {
        return text == null ? NamedQuery.ALL_SITES : number("site", text, 0, Integer.MAX_VALUE);
    }

    private static int number(String name, String text, int least, int most) {
        long number = text.matches("\\d{1,10}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw PageException.badQuestion(
                    "%s: %s must be a number from %d to %d"
                            .formatted(name, quoted(text), least, most));
        }
        return (int) number;
    }

    private static String quoted(String text) {
        boolean isShort = text.length() <= MAX_SHOWN;
        return "'" + (isShort ? text : text.substring(0, MAX_SHOWN) + "...") + "'";
    }
}
