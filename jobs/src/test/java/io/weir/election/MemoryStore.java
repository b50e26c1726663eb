package io.weir.election;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the database would have of elections. */
final class MemoryStore implements ElectionStore {

    private static final long serialVersionUID = 1;

    private final transient List<ElectionSettings> settings = new ArrayList<>();
    private transient Past past = new Past(null, List.of());
    private boolean isFailing;

    static MemoryStore of(ElectionSettings... settings) {
        MemoryStore store = new MemoryStore();
        store.settings.addAll(List.of(settings));
        return store;
    }

    /** The settings that the schema comes with, except for the hits. */
    static MemoryStore usual() {
        return of(settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 10, 1000, "P90D"));
    }

    static ElectionSettings settings(
            int version,
            long holdsFrom,
            String window,
            String interval,
            long minHits,
            int maxEntries,
            String retention) {
        return new ElectionSettings(
                version,
                holdsFrom,
                Duration.parse(window).toMillis(),
                Duration.parse(interval).toMillis(),
                minHits,
                maxEntries,
                Duration.parse(retention).toMillis());
    }

    void add(ElectionSettings version) {
        settings.add(version);
    }

    void remember(Past elections) {
        past = elections;
    }

    void fail() {
        isFailing = true;
    }

    @Override
    public List<ElectionSettings> readSettings() throws IOException {
        check();
        return List.copyOf(settings);
    }

    @Override
    public Past readPast() throws IOException {
        check();
        return past;
    }

    private void check() throws IOException {
        if (isFailing) {
            throw new IOException("the database is unreachable");
        }
    }
}
