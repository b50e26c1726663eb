package io.weir.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes Grafana's dashboards from {@code conf/grafana/panels}.
 *
 * <p>A panel of rows names the files of its queries. Its title, description and unit are those of
 * the first of them unless it has its own. A panel of metrics has expressions by their legends.
 * What Grafana needs besides comes from the panel's kind in {@code templates.yaml}.
 */
final class GrafanaDashboards {

    private static final int COLUMNS = 24;
    private static final Pattern SIZE = Pattern.compile("(\\d+) x (\\d+)");
    private static final Set<String> OF_A_DASHBOARD =
            Set.of("uid", "title", "description", "range", "refresh", "panels");
    private static final Set<String> OF_A_PANEL =
            Set.of(
                    "id",
                    "query",
                    "expressions",
                    "title",
                    "description",
                    "unit",
                    "kind",
                    "size",
                    "fields",
                    "fieldConfig",
                    "options",
                    "transformations");

    /** Of a panel, what is merged into Grafana's panel as it stands. */
    private static final Set<String> AS_IT_STANDS =
            Set.of("fieldConfig", "options", "transformations");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Of the image that docker-compose.yml runs. */
    static final String GRAFANA_VERSION =
            GrafanaDescription.tree(Path.of("../docker-compose.yml"))
                    .at("/services/grafana/image")
                    .asText()
                    .replaceFirst(".*:", "");

    private GrafanaDashboards() {}

    static ObjectNode generate(String name) {
        GrafanaDescription description =
                GrafanaDescription.read("panels/" + name + ".yaml").only(OF_A_DASHBOARD);
        ObjectNode dashboard = NODES.objectNode();
        for (String key : List.of("uid", "title", "description")) {
            dashboard.put(key, description.text(key));
        }
        GrafanaDescription.merge(dashboard, (ObjectNode) GrafanaDescription.template("dashboard"));
        dashboard.put("refresh", description.text("refresh"));
        dashboard.withObject("/time").put("from", "now-" + description.text("range"));
        ArrayNode panels = dashboard.putArray("panels");
        Grid grid = new Grid();
        for (GrafanaDescription panel : description.list("panels", "id")) {
            panels.add(panel(panel.only(OF_A_PANEL), grid));
        }
        dashboard.withObject("/templating").set("list", variables(panels.toString()));
        return dashboard;
    }

    /** Those that the panels use. The query of one of the type query is the name of a file. */
    private static ArrayNode variables(String panels) {
        ArrayNode used = NODES.arrayNode();
        for (JsonNode each : GrafanaDescription.template("variables")) {
            ObjectNode variable = (ObjectNode) each;
            Pattern use = Pattern.compile("\\$\\{?" + variable.path("name").asText() + "\\b");
            if (!use.matcher(panels).find()) {
                continue;
            }
            if (variable.path("type").asText().equals("query")) {
                variable.put("query", NamedQuery.load(variable.path("query").asText()).text());
            }
            used.add(variable);
        }
        return used;
    }

    private static ObjectNode panel(GrafanaDescription own, Grid grid) {
        own.oneOf("query", "expressions");
        List<NamedQuery> queries = queries(own);
        GrafanaDescription panel = queries.isEmpty() ? own : withHeaderOf(queries.get(0), own);
        GrafanaDescription kind = kind(panel.text("kind"));
        ObjectNode made = NODES.objectNode();
        made.put("id", panel.member("id").asInt());
        made.put("type", kind.text("type"));
        made.put("pluginVersion", GRAFANA_VERSION);
        made.put("title", panel.text("title"));
        made.put("description", panel.text("description"));
        made.set("datasource", source(panel));
        made.set("gridPos", grid.place(panel));
        made.set("targets", targets(panel, queries, kind.text("format")));
        GrafanaDescription.merge(made, kind.node().retain(AS_IT_STANDS));
        made.withObject("/fieldConfig/defaults").put("unit", panel.text("unit"));
        made.withObject("/fieldConfig").set("overrides", GrafanaFields.overrides(panel));
        return GrafanaDescription.merge(made, panel.node().deepCopy().retain(AS_IT_STANDS));
    }

    private static List<NamedQuery> queries(GrafanaDescription panel) {
        List<NamedQuery> queries = new ArrayList<>();
        JsonNode names = panel.node().path("query");
        if (names.isTextual()) {
            queries.add(NamedQuery.load(names.asText()));
        }
        for (JsonNode name : names) {
            queries.add(NamedQuery.load(name.asText()));
        }
        return queries;
    }

    private static GrafanaDescription withHeaderOf(NamedQuery query, GrafanaDescription panel) {
        ObjectNode header =
                NODES.objectNode()
                        .put("title", query.title())
                        .put("description", query.description())
                        .put("unit", query.unit());
        return new GrafanaDescription(panel.where(), header.setAll(panel.node()));
    }

    private static GrafanaDescription kind(String name) {
        if (!(GrafanaDescription.template("kinds").path(name) instanceof ObjectNode kind)) {
            throw new IllegalArgumentException("templates.yaml has no kind of panel " + name);
        }
        JsonNode like = kind.remove("like");
        return new GrafanaDescription(
                "templates.yaml, kind " + name,
                like == null ? kind : GrafanaDescription.merge(kind(like.asText()).node(), kind));
    }

    private static ObjectNode source(GrafanaDescription panel) {
        boolean isSql = panel.has("query");
        return NODES.objectNode()
                .put("type", isSql ? "grafana-postgresql-datasource" : "prometheus")
                .put("uid", isSql ? "${datasource}" : "${prometheus}");
    }

    private static ArrayNode targets(
            GrafanaDescription panel, List<NamedQuery> queries, String format) {
        ArrayNode targets = NODES.arrayNode();
        for (NamedQuery query : queries) {
            addTarget(targets, panel)
                    .put("format", format)
                    .put("rawQuery", true)
                    .put("rawSql", query.text());
        }
        for (Map.Entry<String, JsonNode> each : panel.node().path("expressions").properties()) {
            addTarget(targets, panel)
                    .put("expr", each.getValue().asText())
                    .put("legendFormat", each.getKey())
                    .put("range", true);
        }
        return targets;
    }

    private static ObjectNode addTarget(ArrayNode targets, GrafanaDescription panel) {
        String letter = Character.toString('A' + targets.size());
        ObjectNode target = targets.addObject().put("refId", letter);
        target.set("datasource", source(panel));
        return target.put("editorMode", "code");
    }

    /** Places panels from left to right, and below those before where a row is full. */
    private static final class Grid {

        private int left;
        private int top;
        private int bottom;

        ObjectNode place(GrafanaDescription panel) {
            Matcher size = SIZE.matcher(panel.text("size"));
            if (!size.matches()) {
                throw new IllegalArgumentException(
                        panel.where() + ": size '" + panel.text("size") + "' is not like 12 x 8");
            }
            int width = Integer.parseInt(size.group(1));
            int height = Integer.parseInt(size.group(2));
            if (left + width > COLUMNS) {
                left = 0;
                top = bottom;
            }
            ObjectNode place =
                    NODES.objectNode()
                            .put("x", left)
                            .put("y", top)
                            .put("w", width)
                            .put("h", height);
            left += width;
            bottom = Math.max(bottom, top + height);
            return place;
        }
    }
}
