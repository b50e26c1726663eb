package io.weir.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What a panel says of the columns of its query: Grafana's overrides.
 *
 * <p>{@code name}, {@code color}, {@code width}, {@code thresholds} (a colour and from where on)
 * and {@code link} (its title and address) are short for properties of Grafana; a text alone is a
 * name. All else is a property as it stands.
 */
final class GrafanaFields {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GrafanaFields() {}

    static ArrayNode overrides(GrafanaDescription panel) {
        ArrayNode overrides = NODES.arrayNode();
        for (Map.Entry<String, JsonNode> field : panel.node().path("fields").properties()) {
            ObjectNode override = overrides.addObject();
            override.putObject("matcher").put("id", "byName").put("options", field.getKey());
            ArrayNode properties = override.putArray("properties");
            JsonNode said = field.getValue();
            if (said.isTextual()) {
                properties.add(property("name", said, panel));
            }
            for (Map.Entry<String, JsonNode> each : said.properties()) {
                properties.add(property(each.getKey(), each.getValue(), panel));
            }
        }
        return overrides;
    }

    private static ObjectNode property(String key, JsonNode value, GrafanaDescription panel) {
        return switch (key) {
            case "name" -> property("displayName", value);
            case "width" -> property("custom.width", value);
            case "color" ->
                    property(
                            "color",
                            NODES.objectNode()
                                    .put("mode", "fixed")
                                    .put("fixedColor", value.asText()));
            case "thresholds" -> property("thresholds", thresholds(value));
            case "link" -> property("links", links(value));
            case "unit", "decimals", "min", "max", "mappings" -> property(key, value);
            default -> {
                if (!key.startsWith("custom.")) {
                    throw new IllegalArgumentException(
                            panel.where() + ": unknown '" + key + "' of a field");
                }
                yield property(key, value);
            }
        };
    }

    private static ObjectNode property(String id, JsonNode value) {
        return NODES.objectNode().put("id", id).set("value", value);
    }

    private static ObjectNode thresholds(JsonNode colors) {
        ObjectNode thresholds = NODES.objectNode().put("mode", "absolute");
        ArrayNode steps = thresholds.putArray("steps");
        for (Map.Entry<String, JsonNode> color : colors.properties()) {
            steps.addObject().put("color", color.getKey()).set("value", color.getValue());
        }
        return thresholds;
    }

    private static ArrayNode links(JsonNode links) {
        ArrayNode made = NODES.arrayNode();
        for (Map.Entry<String, JsonNode> link : links.properties()) {
            made.addObject()
                    .put("title", link.getKey())
                    .put("url", link.getValue().asText())
                    .put("targetBlank", false);
        }
        return made;
    }
}
