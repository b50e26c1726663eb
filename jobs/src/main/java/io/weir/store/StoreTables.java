package io.weir.store;

import io.weir.traffic.Grain;
import java.util.Locale;

/** Which tables the rows of traffic go to. Readers see the sums of both. */
public enum StoreTables {
    /** Of the requests that come in time. */
    MAIN(""),
    /** Of those that came too late for the main ones. */
    LATE("_late");

    private final String suffix;

    StoreTables(String suffix) {
        this.suffix = suffix;
    }

    /**
     * By its name in lower case.
     *
     * @throws IllegalArgumentException when there is no such name
     */
    public static StoreTables parse(String text) {
        for (StoreTables tables : values()) {
            if (tables.toString().equals(text)) {
                return tables;
            }
        }
        throw new IllegalArgumentException("use main or late");
    }

    /** The table of a grain. */
    public String of(Grain grain) {
        return grain.table() + suffix;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
