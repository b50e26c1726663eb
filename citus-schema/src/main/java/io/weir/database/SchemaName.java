package io.weir.database;

import java.util.regex.Pattern;

/**
 * The name of a schema of Weir, and the one way in which it gets into SQL: the statement says
 * <code>${schema}</code>, as migrations do.
 *
 * @param name lower-case letters, digits and underscores, no digit first, at most 63
 */
public record SchemaName(String name) {

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /**
     * Checks the name.
     *
     * @throws DatabaseException when it is not a plain identifier
     */
    public SchemaName {
        if (!PLAIN.matcher(name).matches()) {
            throw new DatabaseException(
                    "'%s' cannot name a schema: use up to 63 of a-z, 0-9 and _, not a digit first"
                            .formatted(name),
                    null);
        }
    }

    /** The statement with the schema's name in it. */
    public String in(String sql) {
        return sql.replace("${schema}", name);
    }

    @Override
    public String toString() {
        return name;
    }
}
