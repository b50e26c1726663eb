package io.weir.view;

import io.weir.agent.AgentField;
import io.weir.filter.FilterParser;
import io.weir.request.HiddenAddresses;
import io.weir.request.HostName;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What requests are broken down by.
 *
 * @param kind how the key is made
 * @param member the member of the event that it is made of; empty where what the decoder has made
 *     of the event holds it
 */
record Dimension(Kind kind, String member) {

    /** Keys are cut to this many characters, so that a row stays small. */
    static final int MAX_KEY_LENGTH = 200;

    private static final int DOTS_OF_AN_ADDRESS = 3;
    private static final int COLONS_OF_AN_ADDRESS = 2;
    private static final char CUT = '\u2026';

    /** How a key is made. */
    enum Kind {
        URL_PATH("url"),
        URL("url"),
        REFERRER_HOST("referrer"),
        COUNTRY(""),
        STATUS(""),
        METHOD("method"),
        HOST("host"),
        AGENT(AgentField.MEMBER),
        BOT(AgentField.MEMBER),
        BOT_PURPOSE(AgentField.MEMBER),
        BROWSER(AgentField.MEMBER),
        DEVICE(AgentField.MEMBER),
        /** Any member, by its name. */
        FIELD("");

        private final String member;

        Kind(String member) {
            this.member = member;
        }
    }

    /**
     * Reads one.
     *
     * @param name as {@code view_definition} has it: {@code url_path}, {@code field:tier}
     * @throws IllegalArgumentException if there is no such dimension
     */
    static Dimension of(String name) {
        if (name.startsWith(FilterParser.MEMBER)) {
            return new Dimension(Kind.FIELD, name.substring(FilterParser.MEMBER.length()));
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.FIELD && kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return new Dimension(kind, kind.member);
            }
        }
        throw new IllegalArgumentException(
                "'" + name + "' is no dimension: the view was made for a newer version of the job");
    }

    /** The key of a request; null where it has none. */
    @Nullable String keyOf(RequestValues request) {
        String key =
                switch (kind) {
                    case COUNTRY -> request.country();
                    case STATUS -> Integer.toString(request.statusCode());
                    case FIELD -> request.written(member);
                    case URL, METHOD -> request.text(member);
                    case AGENT -> request.agent(AgentField.AGENT);
                    case BOT -> request.agent(AgentField.BOT);
                    case BOT_PURPOSE -> request.agent(AgentField.BOT_PURPOSE);
                    case BROWSER -> request.agent(AgentField.BROWSER);
                    case DEVICE -> request.agent(AgentField.DEVICE);
                    case URL_PATH -> mapped(request.text(member), UrlPath::of);
                    case HOST -> mapped(request.text(member), Dimension::hostOf);
                    case REFERRER_HOST -> mapped(request.text(member), Dimension::hostOfUrl);
                };
        return key == null ? null : storable(key);
    }

    private static @Nullable String mapped(
            @Nullable String text, UnaryOperator<@Nullable String> function) {
        return text == null ? null : function.apply(text);
    }

    /** The domain; what is none stays as it was sent, in lower case. */
    private static String hostOf(String host) {
        String domain = HostName.domainOf(host);
        return domain == null ? host.toLowerCase(Locale.ROOT) : domain;
    }

    /** Of an address such as {@code https://user@example.com:8080/page}; null where it has none. */
    private static @Nullable String hostOfUrl(String url) {
        int scheme = url.indexOf("://");
        if (scheme < 0) {
            return null;
        }
        int start = scheme + "://".length();
        int end = start;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        String authority = url.substring(start, end);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return host.isEmpty() ? null : hostOf(host);
    }

    /** Without addresses of clients, which are never stored, and without the character 0. */
    private static String storable(String key) {
        String storable = mayHoldAddress(key) ? HiddenAddresses.in(key) : key;
        storable = storable.indexOf(0) < 0 ? storable : storable.replace('\0', '\ufffd');
        if (storable.length() <= MAX_KEY_LENGTH) {
            return storable;
        }
        int end = MAX_KEY_LENGTH - 1;
        return storable.substring(
                        0, Character.isHighSurrogate(storable.charAt(end - 1)) ? end - 1 : end)
                + CUT;
    }

    /** To look for one takes a while. */
    private static boolean mayHoldAddress(String key) {
        int dots = 0;
        int colons = 0;
        for (int i = 0; i < key.length(); i++) {
            char character = key.charAt(i);
            dots += character == '.' ? 1 : 0;
            colons += character == ':' ? 1 : 0;
        }
        return dots >= DOTS_OF_AN_ADDRESS || colons >= COLONS_OF_AN_ADDRESS;
    }
}
