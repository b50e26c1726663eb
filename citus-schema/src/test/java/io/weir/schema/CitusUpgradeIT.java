package io.weir.schema;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a coordinator and two workers with the extension hll. */
class CitusUpgradeIT extends UpgradeContract {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @Override
    SchemaMigration migration() {
        return CitusSchema.of(CITUS);
    }

    @Override
    Connection connect() throws SQLException {
        return CITUS.connect();
    }
}
