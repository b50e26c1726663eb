package io.weir.tools.demo;

import io.weir.tools.connect.CommandException;

/** Waiting between two looks at something that does not report its changes. */
final class Pause {

    private Pause() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }
}
