package io.weir.agent;

import java.util.List;
import java.util.Locale;
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
                ? Agent.bot(firstWord(named), PURPOSE)
                : null;
    }

    private static @Nullable String wordThatSaysSo(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isOfAWord(text.charAt(i))) {
                continue;
            }
            String word = text.substring(start, i);
            if (saysSo(word.toLowerCase(Locale.ROOT))) {
                return word;
            }
            start = i + 1;
        }
        return null;
    }

    private static boolean saysSo(String word) {
        return !word.equals(PHONE) && ENDINGS.stream().anyMatch(word::endsWith);
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && isOfAWord(text.charAt(end))) {
            end++;
        }
        String word = text.substring(0, end);
        return word.isEmpty() || word.equals("Mozilla") || word.startsWith("http") ? UNNAMED : word;
    }

    private static boolean isOfAWord(char character) {
        return Character.isLetterOrDigit(character) || character == '-' || character == '_';
    }
}
