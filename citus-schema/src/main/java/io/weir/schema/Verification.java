package io.weir.schema;

import java.util.List;

/**
 * What came out of a {@link SchemaVerification}.
 *
 * @param checks how many things were looked at, those that could not be checked left out
 * @param notes what was not checked and why, a line each
 */
public record Verification(int checks, List<Difference> differences, List<String> notes) {

    public Verification {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /** Whether all that was checked is as it should be. */
    public boolean isAsItShouldBe() {
        return differences.isEmpty();
    }
}
