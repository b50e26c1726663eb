package io.weir.tools.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a query is asked with.
 *
 * @param from part of the range
 * @param to not part of it
 * @param site 0 for all sites together
 * @param domain of the site that is looked for by its name, otherwise null
 * @param points about how many points a series shall have
 */
record PageQuestion(Instant from, Instant to, int site, @Nullable String domain, int points) {

    private static final Set<String> NAMES = Set.of("from", "to", "site", "domain", "points");
    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);
    private static final int DEFAULT_POINTS = 300;
    private static final int MAX_POINTS = 2000;

    /** The last second of the year 9999, which PostgreSQL and the page can both write. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9.-]{1,253}");
    private static final Pattern BACK = Pattern.compile("(\\d{1,6})([smhd])");
    private static final Map<String, Duration> UNITS =
            Map.of(
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));

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
        String fromText = given.get("from");
        Instant to = toText == null ? now : instant("to", toText);
        Instant from = fromText == null ? to.minus(DEFAULT_RANGE) : from(fromText, to);
        if (!from.isBefore(to)) {
            throw PageException.badQuestion("from must be before to");
        }
        return new PageQuestion(
                from,
                to,
                (int) number(given, "site", 0, 0, Integer.MAX_VALUE),
                domain(given.get("domain")),
                (int) number(given, "points", DEFAULT_POINTS, 1, MAX_POINTS));
    }

    private static Map<String, String> split(@Nullable String query) {
        Map<String, String> given = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return given;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!NAMES.contains(name)) {
                throw PageException.badQuestion(
                        "'"
                                + shown(name)
                                + "' is not a parameter: from, to, site, domain and points are");
            }
            if (given.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw PageException.badQuestion(name + " is given twice");
            }
        }
        return given;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw PageException.badQuestion("'" + shown(text) + "' is not a parameter's text");
        }
    }

    private static Instant from(String text, Instant to) {
        Matcher back = BACK.matcher(text);
        if (!back.matches()) {
            return instant("from", text);
        }
        Duration unit = UNITS.getOrDefault(back.group(2), Duration.ZERO);
        Instant from = to.minus(unit.multipliedBy(Long.parseLong(back.group(1))));
        return from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
    }

    private static Instant instant(String name, String text) {
        if (!text.matches("\\d{1,12}") || Long.parseLong(text) > LAST_SECOND) {
            throw PageException.badQuestion(
                    name
                            + ": '"
                            + shown(text)
                            + "' is neither seconds since 1970 nor, for from, a duration like 3h");
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    private static @Nullable String domain(@Nullable String text) {
        if (text != null && !DOMAIN.matcher(text).matches()) {
            throw PageException.badQuestion("domain: '" + shown(text) + "' is no domain");
        }
        return text;
    }

    private static long number(
            Map<String, String> given, String name, long otherwise, long least, long most) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,10}")
                || Long.parseLong(text) < least
                || Long.parseLong(text) > most) {
            throw PageException.badQuestion(
                    name
                            + ": '"
                            + shown(text)
                            + "' must be a number from "
                            + least
                            + " to "
                            + most);
        }
        return Long.parseLong(text);
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
