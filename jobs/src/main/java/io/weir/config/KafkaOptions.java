package io.weir.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where requests come from.
 *
 * @param clientProperties a file of Kafka's own client properties (TLS, SASL), null for none
 */
public record KafkaOptions(
        String bootstrapServers,
        String topic,
        String groupId,
        StartFrom startFrom,
        @Nullable Path clientProperties) {

    /** The topic that rejected records go to. */
    public String rejectedTopic() {
        return rejectedOf(topic);
    }

    /** The topic that late requests go to. */
    public String lateTopic() {
        return lateOf(topic);
    }

    /** Where rejected records of a topic go to. */
    public static String rejectedOf(String topic) {
        return topic + ".rejected";
    }

    /** Where late requests of a topic go to. */
    public static String lateOf(String topic) {
        return topic + ".late";
    }

    /**
     * What every client of the job is given.
     *
     * @throws UncheckedIOException when the file cannot be read
     * @throws IllegalArgumentException when it is no file of properties
     */
    public Properties clientSettings() {
        Properties settings = new Properties();
        if (clientProperties != null) {
            try (Reader reader = Files.newBufferedReader(clientProperties)) {
                settings.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(unreadable(), e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(unreadable() + ": " + e.getMessage(), e);
            }
        }
        settings.setProperty("bootstrap.servers", bootstrapServers);
        return settings;
    }

    private String unreadable() {
        return "kafka.client-properties: cannot read " + clientProperties;
    }
}
