package io.weir.agent;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers from bots. A user agent that was seen lately is not looked at again. Not for
 * several threads.
 */
public final class Agents {

    /**
     * When what tells them was last changed: the list of bots, or the rules beside it. Here, so
     * that who asks for it does not read the list.
     */
    public static final LocalDate AS_OF = LocalDate.of(2026, 11, 30);

    /** Longer user agents are told by their beginning, so that none takes long. */
    static final int MAX_LENGTH = 500;

    /** A power of 2; a site's visitors have some thousands. */
    private static final int REMEMBERED = 1 << 14;

    private final String[] userAgents = new String[REMEMBERED];
    private final Agent[] agents = new Agent[REMEMBERED];

    /**
     * Who sent a request.
     *
     * @param userAgent as the request has it; null if it has none
     */
    public Agent of(@Nullable String userAgent) {
        if (userAgent == null) {
            return Agent.UNKNOWN;
        }
        int hash = userAgent.hashCode();
        int place = (hash ^ hash >>> 16) & REMEMBERED - 1;
        if (!userAgent.equals(userAgents[place])) {
            agents[place] = tell(userAgent);
            userAgents[place] = userAgent;
        }
        return agents[place];
    }

    /** As {@link #of}, without remembering. */
    public static Agent tell(@Nullable String userAgent) {
        if (userAgent == null) {
            return Agent.UNKNOWN;
        }
        String told =
                userAgent.length() <= MAX_LENGTH ? userAgent : userAgent.substring(0, MAX_LENGTH);
        Agent bot = AgentList.CURRENT.find(told);
        if (bot == null) {
            bot = UnlistedBots.find(told);
        }
        if (bot != null) {
            return bot;
        }
        Agent browser = Browsers.find(told);
        return browser == null ? Agent.UNKNOWN : browser;
    }
}
