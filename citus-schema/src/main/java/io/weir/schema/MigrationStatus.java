package io.weir.schema;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One script and whether it ran.
 *
 * @param version null for a script that runs again whenever it changes
 * @param state Flyway's word: Success, Pending, Outdated, ...
 * @param installedOn null when it has not run
 */
public record MigrationStatus(
        @Nullable String version,
        String description,
        String state,
        @Nullable Instant installedOn) {}
