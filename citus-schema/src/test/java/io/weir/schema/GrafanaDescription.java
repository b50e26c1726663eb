package io.weir.schema;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of a YAML file in {@code conf/grafana} that says what Grafana is to be given.
 *
 * @param where the file and the part of it, for messages
 */
record GrafanaDescription(String where, ObjectNode node) {

    static final Path FOLDER = Path.of("../conf/grafana");

    private static final YAMLMapper YAML =
            new YAMLMapper(
                    YAMLFactory.builder()
                            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                            .build());

    private static final GrafanaDescription TEMPLATES = read("templates.yaml");

    static GrafanaDescription read(String file) {
        return new GrafanaDescription("conf/grafana/" + file, tree(FOLDER.resolve(file)));
    }

    static ObjectNode tree(Path file) {
        try {
            return YAML.readValue(file.toFile(), ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    /** A part of {@code templates.yaml}, the caller's own to change. */
    static JsonNode template(String name) {
        return TEMPLATES.member(name).deepCopy();
    }

    /** Changes the target as RFC 7396 says: members are merged, and null removes one. */
    static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> each : patch.properties()) {
            String key = each.getKey();
            if (each.getValue().isNull()) {
                target.remove(key);
            } else if (each.getValue() instanceof ObjectNode object) {
                JsonNode old = target.path(key);
                ObjectNode merged = old instanceof ObjectNode known ? known : target.objectNode();
                target.set(key, merge(merged, object));
            } else {
                target.set(key, each.getValue());
            }
        }
        return target;
    }

    /** Refuses any other member: a misspelt word would have no effect, and nobody would notice. */
    GrafanaDescription only(Set<String> keys) {
        for (String key :
                new TreeSet<>(node.properties().stream().map(Map.Entry::getKey).toList())) {
            if (!keys.contains(key)) {
                throw new IllegalArgumentException(
                        where + ": unknown '" + key + "', known are " + new TreeSet<>(keys));
            }
        }
        return this;
    }

    /** The one of two members that is there. */
    String oneOf(String one, String other) {
        if (has(one) == has(other)) {
            throw new IllegalArgumentException(
                    where + ": needs either '" + one + "' or '" + other + "'");
        }
        return has(one) ? one : other;
    }

    boolean has(String key) {
        return node.has(key);
    }

    JsonNode member(String key) {
        if (!node.hasNonNull(key)) {
            throw new IllegalArgumentException(where + ": '" + key + "' is missing");
        }
        return node.path(key);
    }

    String text(String key) {
        return member(key).asText();
    }

    /** The members of a list, each known by its own {@code name}. */
    List<GrafanaDescription> list(String key, String name) {
        List<GrafanaDescription> parts = new ArrayList<>();
        for (JsonNode each : member(key)) {
            String part = where + ", " + key + " " + each.path(name).asText("without " + name);
            if (!(each instanceof ObjectNode object)) {
                throw new IllegalArgumentException(part + ": not a map: " + each);
            }
            parts.add(new GrafanaDescription(part, object));
        }
        return parts;
    }
}
