package io.weir.tools.cli;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every Kafka client of a command is given. */
final class ClientProperties {

    @Option(
            names = "--client-properties",
            paramLabel = "FILE",
            description = "A file of Kafka client properties, such as those for TLS and SASL")
    private @Nullable Path file;

    /** The properties of the file, with these brokers. */
    Map<String, Object> with(String bootstrapServers) {
        Map<String, Object> properties = new HashMap<>();
        if (file != null) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                read.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw CommandException.wrongUsage(
                        "--client-properties: cannot read " + file + ": " + Causes.innermost(e));
            }
            read.stringPropertyNames()
                    .forEach(name -> properties.put(name, read.getProperty(name)));
        }
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }
}
