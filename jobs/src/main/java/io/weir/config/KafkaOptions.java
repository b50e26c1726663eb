package io.weir.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.config.provider.FileConfigProvider;
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

    /** Kafka's own key; the providers of references, by names that they are given. */
    private static final String PROVIDERS = "config.providers";

    private static final String FILE = "weirfile";

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
     * What clients of the running job are given: of the file only the names of its properties, each
     * with a reference to the file, which Kafka's client resolves where it runs. So the job that
     * Flink stores holds no password. What refers to something else already stays as it is.
     *
     * @throws UncheckedIOException when the file cannot be read
     * @throws IllegalArgumentException when it is no file of properties, or a reference cannot name
     *     it
     */
    public Properties clientReferences() {
        Properties settings = clientSettings();
        if (clientProperties == null) {
            return settings;
        }
        String path = clientProperties.toAbsolutePath().toString();
        if (path.contains(":") || path.contains("}")) {
            throw new IllegalArgumentException(
                    "kafka.client-properties: "
                            + path
                            + " has a : or a }: give the file another place");
        }
        String providers = settings.getProperty(PROVIDERS);
        settings.replaceAll(
                (key, value) ->
                        isReference(key, value) ? value : "${%s:%s:%s}".formatted(FILE, path, key));
        settings.setProperty(PROVIDERS, providers == null ? FILE : providers + "," + FILE);
        settings.setProperty(PROVIDERS + "." + FILE + ".class", FileConfigProvider.class.getName());
        settings.setProperty("bootstrap.servers", bootstrapServers);
        return settings;
    }

    private static boolean isReference(Object key, Object value) {
        return key.toString().startsWith(PROVIDERS) || value.toString().contains("${");
    }

    /**
     * What clients of this process are given.
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
