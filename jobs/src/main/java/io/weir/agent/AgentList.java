package io.weir.agent;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The list of bots ({@code bots.tsv}): what their user agents contain, their names and purposes.
 *
 * <p>User agents are looked up in one pass, whatever they are: each of their places asks for the
 * few texts of the list that begin with the same three characters. Regular expressions would take
 * milliseconds, which a client could make the job spend on every request.
 */
final class AgentList {

    /** The list of this version. */
    static final AgentList CURRENT = new AgentList();

    private static final String RESOURCE = "bots.tsv";
    private static final int COLUMNS = 3;
    private static final int PREFIX_LENGTH = 3;
    private static final int BITS_OF_A_CHARACTER = 7;

    /** Shorter texts are found within words that have nothing to do with them. */
    private static final int MIN_LENGTH_WITHIN_A_WORD = 6;

    private final Int2ObjectOpenHashMap<List<Text>> byPrefix = new Int2ObjectOpenHashMap<>();

    private AgentList() {
        for (String line : lines()) {
            if (!line.startsWith("#")) {
                Text text = Text.of(line);
                byPrefix.computeIfAbsent(prefixAt(text.text, 0), first -> new ArrayList<>())
                        .add(text);
            }
        }
    }

    private static List<String> lines() {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        AgentList.class.getResourceAsStream(RESOURCE)),
                                StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the list of bots in the jar cannot be read", e);
        }
    }

    /** The bot whose text is the longest that the user agent contains; null if there is none. */
    @Nullable Agent find(String userAgent) {
        Text longest = null;
        for (int place = 0; place <= userAgent.length() - PREFIX_LENGTH; place++) {
            List<Text> texts = byPrefix.get(prefixAt(userAgent, place));
            if (texts == null) {
                continue;
            }
            for (Text text : texts) {
                if ((longest == null || text.length() > longest.length())
                        && text.isAt(place, userAgent)) {
                    longest = text;
                }
            }
        }
        return longest == null ? null : longest.bot;
    }

    /** The same for texts that begin alike; characters that are not ASCII are in no text. */
    private static int prefixAt(String text, int place) {
        int prefix = 0;
        for (int i = place; i < place + PREFIX_LENGTH; i++) {
            prefix =
                    prefix << BITS_OF_A_CHARACTER | text.charAt(i) & (1 << BITS_OF_A_CHARACTER) - 1;
        }
        return prefix;
    }

    /** What a bot's user agent contains, and where. */
    private record Text(String text, boolean isAtStart, boolean isAtEnd, Agent bot) {

        static Text of(String line) {
            String[] columns = line.split("\t", -1);
            if (columns.length != COLUMNS) {
                throw new IllegalStateException("no text, name and purpose: " + line);
            }
            String text = columns[0];
            boolean isAtStart = text.startsWith("^");
            boolean isAtEnd = text.endsWith("$");
            return new Text(
                    text.substring(isAtStart ? 1 : 0, text.length() - (isAtEnd ? 1 : 0)),
                    isAtStart,
                    isAtEnd,
                    Agent.bot(columns[1], columns[2]));
        }

        int length() {
            return text.length();
        }

        boolean isAt(int place, String userAgent) {
            return (place == 0 || !isAtStart && mayBegin(place, userAgent))
                    && (!isAtEnd || place + length() == userAgent.length())
                    && userAgent.startsWith(text, place);
        }

        private boolean mayBegin(int place, String userAgent) {
            return length() >= MIN_LENGTH_WITHIN_A_WORD
                    || !Character.isLetterOrDigit(userAgent.charAt(place - 1));
        }
    }
}
