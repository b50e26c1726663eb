package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.embedded.EmbeddedKafka;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka and PostgreSQL: those that were named, or embedded ones in a temporary folder that goes
 * when the stack is closed.
 */
final class DemoStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoStack.class);

    private final Path directory;
    private final Deque<AutoCloseable> embedded = new ConcurrentLinkedDeque<>();
    private final CompletableFuture<String> bootstrapServers = new CompletableFuture<>();
    private final CompletableFuture<Database> database = new CompletableFuture<>();
    private final Thread hook = new Thread(this::close, "weir-demo-end");
    private boolean isClosed;

    private DemoStack(Path directory) {
        this.directory = directory;
    }

    /** Starts it; from the first moment on it is closed when the process ends. */
    static DemoStack start(DemoOptions options) {
        DemoStack stack = new DemoStack(newDirectory());
        Runtime.getRuntime().addShutdownHook(stack.hook);
        stack.bootstrapServers.completeAsync(() -> stack.kafka(options.bootstrapServers()));
        stack.database.completeAsync(() -> stack.postgres(options.database()));
        try {
            stack.bootstrapServers();
            stack.database();
            return stack;
        } catch (CompletionException e) {
            stack.close();
            throw CommandException.logged(
                    "the embedded stack does not start: " + Causes.innermost(e), e);
        }
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("weir-demo-");
        } catch (IOException e) {
            throw new CommandException(
                    "cannot create a temporary folder in %s: %s"
                            .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        }
    }

    String bootstrapServers() {
        return bootstrapServers.join();
    }

    Database database() {
        return database.join();
    }

    /** For what lives as long as the stack. */
    Path directory() {
        return directory;
    }

    /** What is still starting is waited for: it could not be stopped, nor its files removed. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        removeHook();
        CompletableFuture.allOf(bootstrapServers, database).exceptionally(failed -> null).join();
        while (!embedded.isEmpty()) {
            try {
                embedded.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the embedded stack did not stop", e);
            }
        }
        deleteDirectory();
    }

    private String kafka(@Nullable String external) {
        return external != null
                ? external
                : embedded(EmbeddedKafka.start(directory.resolve("kafka"))).bootstrapServers();
    }

    private Database postgres(@Nullable Database external) {
        if (external != null) {
            return external;
        }
        EmbeddedPostgres server = embedded(EmbeddedPostgres.start(directory.resolve("postgres")));
        return new Database(server.jdbcUrl(), server.user(), null);
    }

    private <T extends AutoCloseable> T embedded(T server) {
        embedded.push(server);
        return server;
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending", e);
        }
    }

    private void deleteDirectory() {
        try {
            FileUtils.deleteDirectory(directory.toFile());
        } catch (IOException e) {
            LOG.warn("cannot remove {}", directory, e);
        }
    }
}
