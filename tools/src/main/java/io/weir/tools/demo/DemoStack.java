package io.weir.tools.demo;

import io.weir.embedded.EmbeddedKafka;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private final Deque<AutoCloseable> embedded = new ArrayDeque<>();
    private final String bootstrapServers;
    private final Database database;
    private boolean isClosed;

    private DemoStack(Path directory, DemoOptions options) {
        this.directory = directory;
        CompletableFuture<String> kafka =
                CompletableFuture.supplyAsync(() -> bootstrapServers(options.bootstrapServers()));
        CompletableFuture<Database> postgres =
                CompletableFuture.supplyAsync(() -> database(options.database()));
        try {
            this.bootstrapServers = kafka.join();
            this.database = postgres.join();
        } catch (CompletionException e) {
            postgres.exceptionally(alsoFailed -> null).join();
            close();
            throw new CommandException(
                    "the embedded stack does not start: " + CommandException.innermost(e), e);
        }
    }

    static DemoStack start(DemoOptions options) {
        try {
            return new DemoStack(Files.createTempDirectory("weir-demo-"), options);
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
        return bootstrapServers;
    }

    Database database() {
        return database;
    }

    /** For what lives as long as the stack. */
    Path directory() {
        return directory;
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
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
        add(kafka);
        return kafka.bootstrapServers();
    }

    private Database database(@Nullable Database external) {
        if (external != null) {
            return external;
        }
        EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"));
        add(postgres);
        return new Database(postgres.jdbcUrl(), postgres.user(), null);
    }

    private synchronized void add(AutoCloseable part) {
        embedded.push(part);
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
