package io.weir.agent;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be asked of an agent, as views and filters name it in lower case. */
public enum AgentField {
    /** {@code browser}, {@code bot} or {@code unknown}. */
    AGENT,
    BOT,
    BOT_PURPOSE,
    BROWSER,
    DEVICE;

    /** The member of events that they are made of. */
    public static final String MEMBER = "user_agent";

    /** By their names. */
    public static final Map<String, AgentField> BY_NAME =
            Arrays.stream(values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    field -> field.name().toLowerCase(Locale.ROOT),
                                    Function.identity()));

    /** Null where the agent has none. */
    public @Nullable String of(Agent agent) {
        return switch (this) {
            case AGENT -> agent.kind().name().toLowerCase(Locale.ROOT);
            case BOT -> agent.bot();
            case BOT_PURPOSE -> agent.purpose();
            case BROWSER -> agent.browser();
            case DEVICE -> agent.device();
        };
    }
}
