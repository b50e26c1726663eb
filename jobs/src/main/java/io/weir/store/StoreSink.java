package io.weir.store;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.util.UserCodeClassLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows to PostgreSQL or Citus, at least once.
 *
 * <p>Since an {@link Upsert} may be repeated, the tables hold each row's content exactly once. A
 * checkpoint completes only when all rows before it are written, each flush being one transaction.
 * While the store is unreachable the writer retries; after {@link StoreOptions#retryLimit()} it
 * fails and Flink restarts the job from its last checkpoint. What cannot succeed fails at once.
 *
 * <p>Metrics are listed at {@link StoreMetrics}.
 */
public final class StoreSink<T> implements Sink<T> {

    private static final Logger LOG = LoggerFactory.getLogger(StoreSink.class);

    private final StoreOptions options;
    private final Upsert<T, ?> upsert;

    public StoreSink(StoreOptions options, Upsert<T, ?> upsert) {
        this.options = options;
        this.upsert = upsert;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        releaseDriversWith(context.getUserCodeClassLoader());
        return new StoreWriter<>(
                options, upsert, context.getProcessingTimeService(), context.metricGroup());
    }

    /**
     * A driver registers itself when its class is loaded, and DriverManager would keep it, and so
     * the whole job's classes, forever. A driver that came with the job goes with it; one that the
     * process has of its own stays.
     */
    private static void releaseDriversWith(UserCodeClassLoader classes) {
        ClassLoader own = StoreSink.class.getClassLoader();
        if (own != ClassLoader.getSystemClassLoader()) {
            classes.registerReleaseHookIfAbsent("weir-store-drivers", () -> releaseDrivers(own));
        }
    }

    private static void releaseDrivers(ClassLoader loader) {
        DriverManager.drivers()
                .filter(driver -> driver.getClass().getClassLoader() == loader)
                .forEach(StoreSink::release);
    }

    private static void release(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
            LOG.warn("{} stays registered, and with it the classes of the job", driver, e);
        }
    }
}
