package io.weir.store;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the store's password is found. It is read for every connection, on the machine that
 * connects: the job's graph, which Flink stores and shows parts of, holds only the place, and a
 * password that was changed is found.
 */
public sealed interface StorePassword extends Serializable {

    /**
     * The password, null when the server asks for none.
     *
     * @throws UncheckedIOException when it cannot be read; the message names the place
     */
    @Nullable String read();

    /** For a server that asks for none. */
    static StorePassword none() {
        return new None();
    }

    /** A password that this process knows, and that does not leave it. */
    static StorePassword known(@Nullable String password) {
        return password == null ? none() : new Known(password);
    }

    /** In an environment variable of each TaskManager; without it the server is to ask for none. */
    static StorePassword inEnvironment(String variable) {
        return new InEnvironment(variable);
    }

    /** In a file, at the same place on each TaskManager. */
    static StorePassword inFile(Path file) {
        return new InFile(file.toAbsolutePath().toString());
    }

    /** There is none. */
    record None() implements StorePassword {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable String read() {
            return null;
        }
    }

    /** The value of a variable, if it is set. */
    record InEnvironment(String variable) implements StorePassword {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable String read() {
            return System.getenv(variable);
        }
    }

    /**
     * The content of a file, without white space around it.
     *
     * @param path absolute
     */
    record InFile(String path) implements StorePassword {

        private static final long serialVersionUID = 1L;

        @Override
        public String read() {
            try {
                return Files.readString(Path.of(path)).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The store's password cannot be read from "
                                + path
                                + ": the file of store.password-file is needed at the same place"
                                + " on each TaskManager",
                        e);
            }
        }
    }

    /** Shows nothing and refuses to be written anywhere. */
    final class Known implements StorePassword {

        private static final long serialVersionUID = 1L;

        private final transient String password;

        private Known(String password) {
            this.password = password;
        }

        @Override
        public String read() {
            return password;
        }

        @Override
        public String toString() {
            return "a known password";
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new NotSerializableException("the store's password does not leave its process");
        }
    }
}
