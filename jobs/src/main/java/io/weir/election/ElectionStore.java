package io.weir.election;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the database knows of elections. */
public interface ElectionStore extends Serializable {

    /** All versions of the settings. */
    List<ElectionSettings> readSettings() throws IOException;

    /** The outcome of all elections so far, read at one moment. */
    Past readPast() throws IOException, InterruptedException;

    /**
     * What the elections that were held so far have left.
     *
     * @param lastBoundaryMillis the last of them, null when there was none
     * @param sites the list, and sites that have left it and whose minutes may still be in a window
     */
    record Past(@Nullable Long lastBoundaryMillis, List<TopSite> sites) {}
}
