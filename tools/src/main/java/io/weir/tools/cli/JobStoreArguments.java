package io.weir.tools.cli;

import io.weir.database.Database;
import io.weir.store.StoreOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who reads the job's store, for commands that have the job's configuration. */
final class JobStoreArguments {

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "The store's database (default: store.url)")
    private @Nullable String jdbcUrl;

    @Option(
            names = "--db-user",
            paramLabel = "USER",
            description =
                    "The user who reads the store (a member of weir_reader is enough; default:"
                            + " store.user)"
                            + StoreArguments.PASSWORD)
    private @Nullable String user;

    Database database(StoreOptions store) {
        String url = jdbcUrl == null ? store.url() : jdbcUrl;
        return user == null
                ? new Database(url, store.user(), store.password().read())
                : Database.of(url, user);
    }

    /** The job's options of the store, for this reader. */
    StoreOptions options(StoreOptions store) {
        Database database = database(store);
        return store.askedBy(database.jdbcUrl(), database.user(), database.password());
    }
}
