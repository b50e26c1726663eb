package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.embedded.EmbeddedKafka;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
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
        stack.bootstrapServers.completeAsync(
                () -> stack.bootstrapServers(options.bootstrapServers()));
        stack.database.completeAsync(() -> stack.database(options.database()));
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
                    "no temporary folder can be made in "
                            + System.getProperty("java.io.tmpdir")
                            + ": "
                            + e.getMessage(),
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

    private String bootstrapServers(@Nullable String external) {
        if (external != null) {
            return external;
        }
        EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        embedded.push(kafka);
        return kafka.bootstrapServers();
    }

    private Database database(@Nullable Database external) {
        if (external != null) {
            return external;
        }
        EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"));
        embedded.push(postgres);
        return new Database(postgres.jdbcUrl(), postgres.user(), null);
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
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path folder, @Nullable IOException e) throws IOException {
                            Files.deleteIfExists(folder);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot remove {}", directory, e);
        }
    }
}
