package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import io.weir.database.Session;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The schema of a command that only reads what all readers may see. */
final class ReaderArguments extends StoreArguments {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderArguments.class);

    @Option(
            names = "--db-user",
            required = true,
            paramLabel = "USER",
            description = "The user who reads (a member of weir_reader is enough)" + PASSWORD)
    private String user = "";

    @Override
    String user() {
        return user;
    }

    /** To a tenant a reader's rights would open the sites of all others. */
    @Override
    String remedy() {
        return isTenant()
                ? "it is a tenant, which sees rows of its own sites and nothing else"
                : "make it a member of weir_reader";
    }

    private boolean isTenant() {
        try (Session session = database().open(schema())) {
            return session.holds(
                    "select exists (select from pg_roles where rolname = 'weir_tenant'"
                            + " and pg_has_role(oid, 'member'))");
        } catch (SQLException | DatabaseException e) {
            LOG.debug("whether {} is a tenant cannot be found out", user, e);
            return false;
        }
    }
}
