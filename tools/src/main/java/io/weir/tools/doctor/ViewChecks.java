package io.weir.tools.doctor;

import io.weir.check.Finding;
import io.weir.check.Findings;
import io.weir.store.StoreOptions;
import io.weir.store.StoredViews;
import io.weir.view.ViewTable;
import java.io.IOException;

/**
 * Whether the job can count all views: {@code define_view} does not read filters.
 *
 * @param store where they are defined; that it can be read is checked elsewhere
 */
record ViewChecks(StoreOptions store, Findings findings) {

    void run() {
        try {
            findings.check(
                    new StoredViews(store)
                            .refused().stream()
                                    .map(why -> new Finding("views", why, ViewTable.REMEDY))
                                    .toList());
        } catch (IOException e) {
            findings.unchecked("views");
        }
    }
}
