package io.weir.tools.follow;

import io.weir.tools.logfile.LineMark;
import org.jspecify.annotations.Nullable;

/**
 * How far a file was read: the present one of a log, or one that rotation has put aside.
 *
 * @param file {@link io.weir.tools.logfile.TailedFile#keyOf its key}, when it was read
 * @param bytes of the lines that were read, unpacked
 * @param lines how many they are
 * @param mark a line by which the file is known again: the last that was read, or the first if none
 *     was; null where there was none
 */
public record PartPosition(String file, long bytes, long lines, @Nullable LineMark mark) {

    /** The same place in a copy. */
    PartPosition of(String copy) {
        return new PartPosition(copy, bytes, lines, mark);
    }

    static PartPosition beginning(String file) {
        return new PartPosition(file, 0, 0, null);
    }
}
