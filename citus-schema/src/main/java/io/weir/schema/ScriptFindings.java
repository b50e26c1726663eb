package io.weir.schema;

import io.weir.check.Finding;
import io.weir.database.SchemaName;
import java.util.List;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;

/**
 * What Flyway finds of a schema's scripts: missing, failed, changed, or unknown to this version.
 */
public final class ScriptFindings {

    /** The remedy for scripts that have not run. */
    public static final String MIGRATE = "weir schema migrate";

    private ScriptFindings() {}

    static List<Finding> of(SchemaName schema, ValidateResult result) {
        if (!result.validationSuccessful && result.invalidMigrations.isEmpty()) {
            return List.of(Finding.difference("schema " + schema, "migrated", "none", MIGRATE));
        }
        return result.invalidMigrations.stream().map(ScriptFindings::of).toList();
    }

    private static Finding of(ValidateOutput script) {
        boolean isRepeatable = script.version == null || script.version.isEmpty();
        String name = "script " + (isRepeatable ? "" : script.version + " ") + script.description;
        // The first word of Flyway's code says what is the matter.
        return switch (String.valueOf(script.errorDetails.errorCode).replaceFirst("_.*", "")) {
            case "RESOLVED" -> Finding.difference(name, "run", "not run", MIGRATE);
            case "OUTDATED" -> Finding.difference(name, "run", "an older one", MIGRATE);
            case "APPLIED" ->
                    Finding.difference(
                            name, "known", "a script of another version", "use the newest weir");
            case "FAILED" ->
                    Finding.difference(
                            name,
                            "run",
                            "failed",
                            "remove what it left and its row of flyway_schema_history, then "
                                    + MIGRATE);
            default ->
                    Finding.difference(
                            name,
                            "the script that ran",
                            String.valueOf(script.errorDetails.errorMessage)
                                    .lines()
                                    .findFirst()
                                    .orElse("another"),
                            "use the weir that made the schema: released scripts never change");
        };
    }
}
