package io.weir.schema;

import io.weir.testing.CitusExtension;

/** The schema {@code weir} of tests on Citus. */
final class CitusSchema {

    /** One on each worker: every change of a table costs as much for each shard. */
    static final int SHARDS = 2;

    private CitusSchema() {}

    static SchemaMigration of(CitusExtension cluster) {
        return new SchemaMigration(cluster.jdbcUrl(), cluster.user(), null, "weir")
                .withShards(SHARDS);
    }
}
