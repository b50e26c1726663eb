package io.weir.tools.recount;

import java.util.Map;

/**
 * A row as the store has it.
 *
 * @param cells the value of each measure as text, in which null is {@code null}
 */
record StoredRow(RowKey key, boolean isWhole, boolean isFinal, Map<String, String> cells) {

    long requests() {
        return Long.parseLong(cells.getOrDefault("request_count", "0"));
    }
}
