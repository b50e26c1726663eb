package io.weir.schema;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/**
 * One script and whether it ran.
 *
 * @param version null for a script that runs again whenever it changes
 * @param state Flyway's word: Success, Pending, Outdated, ...
 * @param installedOn null when it has not run
 */
public record MigrationStatus(
        @Nullable String version, String description, String state, @Nullable Instant installedOn) {

    static MigrationStatus of(MigrationInfo script) {
        return new MigrationStatus(
                script.getVersion() == null ? null : script.getVersion().getVersion(),
                script.getDescription(),
                script.getState().getDisplayName(),
                script.getInstalledOn() == null ? null : utc(script.getInstalledOn()));
    }

    /** The history keeps UTC without saying so, and Flyway reads it as the time of this zone. */
    private static Instant utc(Date readAsLocal) {
        return LocalDateTime.ofInstant(readAsLocal.toInstant(), ZoneId.systemDefault())
                .toInstant(ZoneOffset.UTC);
    }
}
