package io.weir.request;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of hosts, as requests have them and as the store has them. */
public final class HostName {

    private static final int MAX_LENGTH = 253;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

    /**
     * IDNA 2003 makes another name of these than browsers do: {@code ss.de} of {@code \u00df.de}.
     */
    private static final Pattern AMBIGUOUS = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");

    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    private HostName() {}

    /**
     * The domain of a host, as the store has it: lower case, ASCII ({@code xn--...}), without a dot
     * at the end, and without the port.
     *
     * @return null where that is no domain
     */
    public static @Nullable String domainOf(String host) {
        String name = PORT.matcher(host).replaceFirst("");
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        String domain = ascii(name).toLowerCase(Locale.ROOT);
        return domain.length() <= MAX_LENGTH && DOMAIN.matcher(domain).matches() ? domain : null;
    }

    /**
     * An international name in ASCII. What is no domain at all stays as it is, and so does what has
     * letters that standards disagree about.
     */
    public static String ascii(String domain) {
        try {
            return AMBIGUOUS.matcher(domain).find()
                    ? domain
                    : IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return domain;
        }
    }
}
