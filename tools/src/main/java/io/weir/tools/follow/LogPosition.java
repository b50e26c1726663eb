package io.weir.tools.follow;

import java.util.List;

/**
 * How far a log was read.
 *
 * @param site whose log it is
 * @param parts the files of which there may be more to read, oldest first
 */
public record LogPosition(int site, List<PartPosition> parts) {

    public LogPosition {
        parts = List.copyOf(parts);
    }
}
