package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether logs are followed, and how. */
final class FollowOptions {

    @Option(
            names = "--follow",
            description = {
                "Go on as tail -F: send what is appended, until Ctrl-C. Rotation by renaming and by"
                        + " copytruncate is followed. Each line is sent once, also after kill -9:"
                        + " the next start goes on from the saved position, in rotated and"
                        + " compressed files too (docs/access-logs.md)"
            })
    private boolean isOn;

    @Option(
            names = "--position",
            paramLabel = "FILE",
            description =
                    "With --follow: where the position is saved (default: weir/follow/TOPIC.json in"
                            + " $XDG_STATE_HOME or ~/.local/state)")
    private @Nullable Path position;

    @Option(
            names = "--from",
            paramLabel = "start|end",
            description =
                    "With --follow: where a file begins that has no saved position (default: start)")
    private @Nullable String from;

    /** Whether logs are followed. */
    boolean isOn() {
        if (!isOn && (position != null || from != null)) {
            throw CommandException.wrongUsage(
                    (position != null ? "--position" : "--from") + " needs --follow");
        }
        return isOn;
    }

    boolean isFromEnd() {
        if (from == null || from.equals("start")) {
            return false;
        }
        if (from.equals("end")) {
            return true;
        }
        throw CommandException.wrongUsage("--from: '%s' must be start or end".formatted(from));
    }

    /** One file a topic: whoever follows another log for it goes on with the same one. */
    Path positionOf(String topic) {
        return position != null
                ? position
                : stateFolder().resolve("weir").resolve("follow").resolve(topic + ".json");
    }

    /** Source: XDG base directory specification. */
    private static Path stateFolder() {
        String state = System.getenv("XDG_STATE_HOME");
        return state != null && Path.of(state).isAbsolute()
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
    }
}
