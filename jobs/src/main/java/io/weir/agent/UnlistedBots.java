package io.weir.agent;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bots that no list knows, but that say what they are: by a word such as {@code ...bot} or {@code
 * ...crawler}, or as good bots do by the address of a page or person who answers for them.
 */
final class UnlistedBots {

    /** The purpose of a bot that is not in the list. */
    static final String PURPOSE = "other";

    /** The name of one that has none. */
    static final String UNNAMED = "unnamed";

    private static final List<String> ENDINGS =
            List.of(
                    "bot",
                    "bots",
                    "crawler",
                    "crawl",
                    "spider",
                    "scraper",
                    "fetcher",
                    "archiver",
                    "indexer",
                    "slurp",
                    "monitor",
                    "monitoring",
                    "checker",
                    "validator",
                    "scanner");

    /** Phones of this maker end like a bot. */
    private static final String PHONE = "cubot";

    private static final String COMPATIBLE = "(compatible; ";

    private static final Set<String> NO_NAMES = Set.of("Mozilla", "MSIE", "http", "https");

    private UnlistedBots() {}

    /** The bot; null if nothing says that it is one. */
    static @Nullable Agent find(String userAgent) {
        int address = userAgent.indexOf("://");
        String named = address < 0 ? userAgent : userAgent.substring(0, address);
        String name = wordThatSaysSo(named);
        if (name != null) {
            return Agent.bot(name, PURPOSE);
        }
        return address >= 0 || userAgent.indexOf('@') >= 0
                ? Agent.bot(nameIn(named), PURPOSE)
                : null;
    }

    private static @Nullable String wordThatSaysSo(String text) {
        int start = 0;
        for (int end = 0; end <= text.length(); end++) {
            if (end < text.length() && isOfAWord(text.charAt(end))) {
                continue;
            }
            if (saysSo(text, start, end)) {
                return text.substring(start, end);
            }
            start = end + 1;
        }
        return null;
    }

    private static boolean saysSo(String text, int start, int end) {
        for (String ending : ENDINGS) {
            int at = end - ending.length();
            if (at >= start && text.regionMatches(true, at, ending, 0, ending.length())) {
                return !PHONE.equalsIgnoreCase(text.substring(start, end));
            }
        }
        return false;
    }

    /**
     * What it is called: {@code Acme/3.1 (...)}, {@code Mozilla/5.0 (compatible; Acme/3.1; ...)}.
     */
    private static String nameIn(String text) {
        int compatible = text.indexOf(COMPATIBLE);
        int start = compatible < 0 ? 0 : compatible + COMPATIBLE.length();
        int end = start;
        while (end < text.length() && isOfAWord(text.charAt(end))) {
            end++;
        }
        String word = text.substring(start, end);
        return word.isEmpty() || NO_NAMES.contains(word) ? UNNAMED : word;
    }

    private static boolean isOfAWord(char character) {
        return Character.isLetterOrDigit(character) || character == '-' || character == '_';
    }
}
