package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From when on a host belongs to a site. */
final class HoldsFrom {

    private static final String EVER = "ever";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = {
                "For requests that arrive from this time on (2026-11-20T10:00:00Z), or ever"
                        + " (default: half a minute from now).",
                "A time in the past is for what no job has read yet: what was rejected stays"
                        + " rejected until it is replayed"
            })
    private @Nullable String from;

    /** As the store's functions take it: null for their default. */
    @Nullable String sql() {
        if (from == null) {
            return null;
        }
        if (from.equals(EVER)) {
            return "-infinity";
        }
        try {
            return OffsetDateTime.parse(from).toString();
        } catch (DateTimeException e) {
            throw CommandException.wrongUsage(
                    "--from: '%s' is not a time such as 2026-11-20T10:00:00Z, nor %s"
                            .formatted(from, EVER));
        }
    }
}
