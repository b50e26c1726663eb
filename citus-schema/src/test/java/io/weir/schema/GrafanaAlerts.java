package io.weir.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Makes Grafana's alert rules from {@code conf/grafana/alerts.yaml}.
 *
 * <p>A rule names the file of its query, or has an expression, and fires when an answer is above or
 * below a number.
 */
final class GrafanaAlerts {

    private static final Set<String> OF_A_RULE =
            Set.of(
                    "uid",
                    "title",
                    "query",
                    "expression",
                    "above",
                    "below",
                    "for",
                    "dashboard",
                    "panel",
                    "noDataState",
                    "labels",
                    "summary",
                    "description",
                    "runbook");

    private GrafanaAlerts() {}

    static ObjectNode generate() {
        ObjectNode file = JsonNodeFactory.instance.objectNode().put("apiVersion", 1);
        ArrayNode groups = file.putArray("groups");
        for (GrafanaDescription group :
                GrafanaDescription.read("alerts.yaml")
                        .only(Set.of("groups"))
                        .list("groups", "name")) {
            ArrayNode rules =
                    groups.addObject()
                            .put("orgId", 1)
                            .put("name", group.text("name"))
                            .put("folder", "Weir")
                            .put("interval", group.text("interval"))
                            .putArray("rules");
            for (GrafanaDescription rule :
                    group.only(Set.of("name", "interval", "rules")).list("rules", "uid")) {
                rules.add(rule(rule.only(OF_A_RULE)));
            }
        }
        return file;
    }

    private static ObjectNode rule(GrafanaDescription rule) {
        ObjectNode made =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("uid", rule.text("uid"))
                        .put("title", rule.text("title"));
        GrafanaDescription.merge(made, (ObjectNode) GrafanaDescription.template("rule"));
        made.withArray("/data").add(question(rule)).add(threshold(rule));
        String uid =
                GrafanaDescription.read("panels/" + rule.text("dashboard") + ".yaml").text("uid");
        made.put("for", rule.text("for"));
        made.put("dashboardUid", uid);
        made.put("panelId", rule.member("panel").asInt());
        if (rule.has("noDataState")) {
            made.put("noDataState", rule.text("noDataState"));
        }
        made.set("labels", rule.member("labels"));
        made.putObject("annotations")
                .put("__dashboardUid__", uid)
                .put("__panelId__", rule.text("panel"))
                .put("summary", rule.text("summary"))
                .put("description", rule.text("description"))
                .put("runbook", "docs/operations.md#" + rule.text("runbook"));
        return made;
    }

    private static JsonNode question(GrafanaDescription rule) {
        String kind = rule.oneOf("query", "expression");
        JsonNode question = GrafanaDescription.template("questions").path(kind);
        ObjectNode model = question.withObject("/model");
        if (kind.equals("query")) {
            model.put("rawSql", NamedQuery.load(rule.text(kind)).text());
        } else {
            model.put("expr", rule.text(kind));
        }
        return question;
    }

    private static JsonNode threshold(GrafanaDescription rule) {
        String side = rule.oneOf("above", "below");
        JsonNode threshold = GrafanaDescription.template("threshold");
        ObjectNode evaluator =
                threshold
                        .withObject("/model")
                        .putArray("conditions")
                        .addObject()
                        .putObject("evaluator")
                        .put("type", side.equals("above") ? "gt" : "lt");
        evaluator.putArray("params").add(rule.member(side));
        return threshold;
    }
}
