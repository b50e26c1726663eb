package io.weir.agent;

import org.jspecify.annotations.Nullable;

/**
 * What a user agent says of who sent a request. It is what a client claims; nobody can check it.
 *
 * @param kind whether it is a browser, a bot or neither
 * @param bot the bot's name; null for what is none
 * @param purpose what the bot is for, such as {@code search}; null for what is none
 * @param browser the family, such as {@code Firefox}; null for what is none
 * @param device what a browser runs on, such as {@code phone}; null for what is none, and where it
 *     does not say
 */
public record Agent(
        Kind kind,
        @Nullable String bot,
        @Nullable String purpose,
        @Nullable String browser,
        @Nullable String device) {

    static final Agent UNKNOWN = new Agent(Kind.UNKNOWN, null, null, null, null);

    /** Every request is of exactly one kind. */
    public enum Kind {
        /** What people use. */
        BROWSER,
        /** A program that acts by itself, or a library of programs. */
        BOT,
        /** No user agent, or one that says neither. */
        UNKNOWN
    }

    static Agent bot(String name, String purpose) {
        return new Agent(Kind.BOT, name, purpose, null, null);
    }

    static Agent browser(String family, @Nullable String device) {
        return new Agent(Kind.BROWSER, null, null, family, device);
    }
}
