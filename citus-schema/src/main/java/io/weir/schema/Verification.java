package io.weir.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a {@link SchemaVerification}.
 *
 * @param checks how many things were looked at
 * @param unchecked what could not be looked at and why, a line each
 * @param notes what else there is to know, a line each
 * @param owner who owns the schema and may look at everything; null where there is none
 */
public record Verification(
        int checks,
        List<Difference> differences,
        List<String> unchecked,
        List<String> notes,
        @Nullable String owner) {

    public Verification {
        differences = List.copyOf(differences);
        unchecked = List.copyOf(unchecked);
        notes = List.copyOf(notes);
    }

    /** Whether everything was checked, and is as it should be. */
    public boolean isAsItShouldBe() {
        return differences.isEmpty() && unchecked.isEmpty();
    }
}
