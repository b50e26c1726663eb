package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files that Grafana reads: made from their descriptions, with the SQL of the named queries.
 */
class DashboardsTest {

    static final Path QUERIES = Path.of("queries");
    private static final Path GRAFANA = GrafanaDescription.FOLDER;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");

    private static final Pattern FIELD = Pattern.compile("\\$\\{__data\\.fields\\.(\\w+)}");

    /** Grafana's own, as they are written in these queries. */
    private static final Set<String> BUILT_IN =
            Set.of(
                    "__timeFilter",
                    "__timeFrom",
                    "__timeTo",
                    "__rate_interval",
                    "__data",
                    "__url_time_range");

    private static final Set<String> UNITS =
            Set.of(
                    "short",
                    "none",
                    "ms",
                    "s",
                    "percentunit",
                    "bytes",
                    "reqps",
                    "reqpm",
                    "wps",
                    "dateTimeAsIso");

    static List<String> queryNames() {
        return GrafanaFiles.names(QUERIES, ".sql");
    }

    static List<String> dashboards() {
        return GrafanaFiles.names(GRAFANA.resolve("dashboards"), ".json");
    }

    static JsonNode dashboard(String name) {
        return read(JSON, GRAFANA.resolve("dashboards/" + name + ".json"));
    }

    private static JsonNode provisioning(String kind) {
        return read(YAML, GRAFANA.resolve("provisioning/" + kind + "/weir.yaml"));
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The query whose text it is. */
    static NamedQuery named(String text, String where) {
        return named(byText(), text, where);
    }

    private static Map<String, NamedQuery> byText() {
        return queryNames().stream()
                .map(NamedQuery::load)
                .collect(Collectors.toMap(NamedQuery::text, query -> query));
    }

    private static NamedQuery named(Map<String, NamedQuery> queries, String text, String where) {
        return Objects.requireNonNull(
                queries.get(text),
                () -> "the SQL of " + where + " is no file of citus-schema/queries: " + text);
    }

    private static JsonNode variable(String dashboard, String name) {
        for (JsonNode variable : dashboard(dashboard).path("templating").path("list")) {
            if (variable.path("name").asText().equals(name)) {
                return variable;
            }
        }
        throw new AssertionError(dashboard + " has no variable " + name);
    }

    /** For {@code scripts/dashboards}. The tests then check what was written. */
    @BeforeAll
    static void writeIfAskedTo() throws IOException {
        if (Boolean.getBoolean("weir.dashboards.write")) {
            GrafanaFiles.write();
        }
    }

    @Test
    void filesHoldWhatTheirDescriptionsMake() throws IOException {
        assertThat(dashboards()).isEqualTo(GrafanaFiles.described());
        GrafanaFiles.generate()
                .forEach(
                        (file, text) ->
                                assertThat(file)
                                        .as("out of date, run scripts/dashboards: %s", file)
                                        .hasContent(text));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShows(String name) {
        for (JsonNode panel : dashboard(name).path("panels")) {
            String title = panel.path("title").asText();
            assertThat(title).isNotBlank();
            assertThat(panel.path("description").asText()).as(title).hasSizeGreaterThan(30);
            JsonNode defaults = panel.path("fieldConfig").path("defaults");
            assertThat(defaults.path("unit").asText()).as(title).isIn(UNITS);
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            // without it Grafana takes the panel for one of its first versions and migrates it
            assertThat(panel.path("pluginVersion").asText())
                    .as(title)
                    .isEqualTo(GrafanaDashboards.GRAFANA_VERSION);
            for (JsonNode override : panel.path("fieldConfig").path("overrides")) {
                for (JsonNode property : override.path("properties")) {
                    if (property.path("id").asText().equals("unit")) {
                        assertThat(property.path("value").asText()).as(title).isIn(UNITS);
                    }
                }
            }
        }
    }

    /**
     * A bucket without requests has no row, and a line would join its neighbours across an outage.
     * So a panel has bars or points, or its query breaks the line.
     */
    @ParameterizedTest
    @MethodSource("dashboards")
    void noLineIsDrawnOverMissingRows(String name) {
        for (JsonNode panel : dashboard(name).path("panels")) {
            if (!panel.path("type").asText().equals("timeseries")
                    || panel.findValues("rawSql").isEmpty()) {
                continue;
            }
            JsonNode config = panel.path("fieldConfig");
            JsonNode style = config.path("defaults").path("custom");
            boolean isOfLines =
                    style.path("drawStyle").asText().equals("line")
                            && !style.path("showPoints").asText().equals("always");
            for (JsonNode target : panel.path("targets")) {
                String sql = target.path("rawSql").asText();
                if (isOfLines || hasALine(config.path("overrides"), sql)) {
                    assertThat(sql).as(panel.path("title").asText()).contains("next > ends");
                    assertThat(style.path("spanNulls").asBoolean()).isFalse();
                }
            }
        }
    }

    private static boolean hasALine(JsonNode overrides, String sql) {
        for (JsonNode override : overrides) {
            for (JsonNode property : override.path("properties")) {
                if (property.path("id").asText().equals("custom.drawStyle")
                        && property.path("value").asText().equals("line")
                        && sql.contains(override.path("matcher").path("options").asText())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Maps, places and pictures are Grafana's own: a screen may not reach other hosts. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void nothingIsLoadedFromOtherHosts(String name) {
        JsonNode dashboard = dashboard(name);
        assertThat(dashboard.toString()).doesNotContain("http:", "https:", "//");
        for (JsonNode base : dashboard.findValues("basemap")) {
            assertThat(base.path("type").asText()).isEqualTo("geojson");
            assertThat(base.path("config").path("src").asText()).startsWith("public/maps/");
        }
        for (JsonNode places : dashboard.findValues("gazetteer")) {
            assertThat(places.asText()).startsWith("public/gazetteer/");
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void textIsSeenAndBarsAreFew(String name) {
        for (JsonNode panel : dashboard(name).path("panels")) {
            String title = panel.path("title").asText();
            assertThat(panel.path("fieldConfig").findValuesAsText("color"))
                    .as(title)
                    .doesNotContain("transparent");
            if (panel.path("type").asText().equals("barchart")) {
                JsonNode limit = panel.path("transformations").path(0);
                assertThat(limit.path("id").asText()).as(title).isEqualTo("limit");
                assertThat(limit.path("options").path("limitField").asInt())
                        .as(title)
                        .isBetween(5, 15);
            }
        }
    }

    /** A number as text would be shortened: site 12345 is 12.3 K. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void linksLeadToTheSameTimeAndTheVerySite(String name) {
        for (JsonNode links : dashboard(name).path("panels").findValues("value")) {
            for (JsonNode url : links.findValues("url")) {
                assertThat(url.asText())
                        .contains("var-site=${__data.fields.site_id.numeric}")
                        .contains("${__url_time_range}");
                String uid = url.asText().replaceAll("^/d/([\\w-]+)\\?.*", "$1");
                assertThat(dashboards().stream().map(n -> dashboard(n).path("uid").asText()))
                        .contains(uid);
            }
        }
    }

    /** 24 columns of 80 pixels, rows of 38: anything smaller cannot be read at 1080p. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsAreFewAndLargeAndDoNotOverlap(String name) {
        Set<String> taken = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        JsonNode panels = dashboard(name).path("panels");
        for (JsonNode panel : panels) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            JsonNode at = panel.path("gridPos");
            int left = at.path("x").asInt();
            int width = at.path("w").asInt();
            int top = at.path("y").asInt();
            int height = at.path("h").asInt();
            assertThat(left).as(title).isNotNegative();
            assertThat(left + width).as(title).isLessThanOrEqualTo(24);
            assertThat(width).as(title).isGreaterThanOrEqualTo(6);
            assertThat(height).as(title).isGreaterThanOrEqualTo(4);
            for (int x = left; x < left + width; x++) {
                for (int y = top; y < top + height; y++) {
                    assertThat(taken.add(x + "," + y)).as(title + " covers another").isTrue();
                }
            }
        }
        assertThat(panels.size()).isBetween(5, 18);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everySqlIsANamedQueryAndFitsItsPanel(String name) {
        Map<String, NamedQuery> queries = byText();
        for (JsonNode panel : dashboard(name).path("panels")) {
            String title = panel.path("title").asText();
            Set<String> units = new TreeSet<>();
            for (JsonNode target : panel.path("targets")) {
                if (target.has("rawSql")) {
                    NamedQuery query =
                            named(queries, target.path("rawSql").asText(), "panel " + title);
                    units.add(query.unit());
                    assertThat(target.path("rawQuery").asBoolean()).as(title).isTrue();
                    // a series has a column time, as Grafana asks of it
                    boolean isSeries = target.path("format").asText().equals("time_series");
                    assertThat(query.text().contains(" as time")).as(title).isIn(isSeries, true);
                } else {
                    assertThat(target.path("expr").asText()).as(title).contains("flink_");
                }
            }
            if (!units.isEmpty()) {
                assertThat(units)
                        .as(title)
                        .containsExactly(
                                panel.path("fieldConfig").path("defaults").path("unit").asText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void aLinkTakesColumnsOfItsPanelsQuery(String name) {
        for (JsonNode panel : dashboard(name).path("panels")) {
            for (String url : panel.findValuesAsText("url")) {
                Matcher field = FIELD.matcher(url);
                while (field.find()) {
                    assertThat(panel.findValuesAsText("rawSql"))
                            .as(panel.path("title").asText())
                            .singleElement()
                            .asString()
                            .containsPattern("(select|,) " + field.group(1) + ",");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void dataSourcesAreChosenByVariablesThatOurOwnProvisioningFills(String name) {
        JsonNode dashboard = dashboard(name);
        Map<String, String> provisioned = new TreeMap<>();
        for (JsonNode source : provisioning("datasources").path("datasources")) {
            provisioned.put(source.path("uid").asText(), source.path("type").asText());
        }
        Map<String, JsonNode> variables = new TreeMap<>();
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            variables.put(variable.path("name").asText(), variable);
        }
        for (JsonNode source : dashboard.findValues("datasource")) {
            String uid = source.path("uid").asText();
            assertThat(uid).isIn("${datasource}", "${prometheus}");
            JsonNode variable =
                    Objects.requireNonNull(variables.get(uid.substring(2, uid.length() - 1)), uid);
            assertThat(variable.path("type").asText()).isEqualTo("datasource");
            assertThat(provisioned)
                    .containsEntry(
                            variable.path("current").path("value").asText(),
                            source.path("type").asText())
                    .containsValue(variable.path("query").asText());
        }
        for (JsonNode text :
                Stream.of("rawSql", "expr", "query", "url")
                        .flatMap(key -> dashboard.findValues(key).stream())
                        .toList()) {
            Matcher used = VARIABLE.matcher(text.asText());
            while (used.find()) {
                assertThat(used.group(1))
                        .isIn(
                                Stream.concat(BUILT_IN.stream(), variables.keySet().stream())
                                        .toList());
            }
        }
        assertThat(dashboard.path("uid").asText()).startsWith("weir-");
        assertThat(dashboard.path("timezone").asText()).isEqualTo("utc");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void oneSiteOrAllCanBeChosen(String name) {
        JsonNode site = variable(name, "site");
        assertThat(site.path("includeAll").asBoolean()).isTrue();
        assertThat(site.path("allValue").asText()).isEqualTo("-1");
        assertThat(site.path("multi").asBoolean()).isFalse();
        assertThat(site.path("query").asText()).isEqualTo(NamedQuery.load("site_choices").text());
    }

    @Test
    void thereAreFourDashboardsOrMoreWithTwentyPanelsOfSql() {
        List<String> used = new ArrayList<>();
        Set<String> uids = new HashSet<>();
        for (String name : dashboards()) {
            JsonNode dashboard = dashboard(name);
            assertThat(uids.add(dashboard.path("uid").asText())).isTrue();
            dashboard.findValues("rawSql").forEach(sql -> used.add(sql.asText()));
        }
        assertThat(dashboards())
                .contains("one-site", "sites-overview", "top-websites", "weir-itself");
        assertThat(used).hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void rulesAskNamedQueriesAndLinkToTheirPanel() {
        Map<String, NamedQuery> queries = byText();
        Set<String> asked = new TreeSet<>();
        Set<String> uids = new HashSet<>();
        for (JsonNode group : provisioning("alerting").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                String title = rule.path("title").asText();
                assertThat(uids.add(rule.path("uid").asText())).as(title).isTrue();
                JsonNode question = rule.path("data").path(0);
                JsonNode threshold = rule.path("data").path(1);
                assertThat(rule.path("condition").asText()).isEqualTo("B");
                assertThat(threshold.path("refId").asText()).isEqualTo("B");
                assertThat(threshold.path("datasourceUid").asText()).isEqualTo("__expr__");
                assertThat(threshold.path("model").path("expression").asText())
                        .isEqualTo(question.path("refId").asText());
                assertThat(threshold.findValue("evaluator").path("params").path(0).isNumber())
                        .as(title)
                        .isTrue();
                JsonNode model = question.path("model");
                if (question.path("datasourceUid").asText().equals("weir")) {
                    NamedQuery query =
                            named(queries, model.path("rawSql").asText(), "rule " + title);
                    // Grafana would replace it from its environment
                    assertThat(query.text()).doesNotContain("$");
                    asked.add(query.name());
                } else {
                    assertThat(question.path("datasourceUid").asText()).isEqualTo("prometheus");
                    assertThat(model.path("expr").asText()).contains("flink_");
                }
                JsonNode annotations = rule.path("annotations");
                assertThat(annotations.path("summary").asText()).as(title).isNotBlank();
                assertThat(annotations.path("description").asText()).as(title).isNotBlank();
                // Grafana 12 expands nothing here: doubled dollar signs stay doubled, and no
                // template
                assertThat(annotations.toString()).as(title).doesNotContain("$$", "${");
                assertThat(annotations.toString())
                        .as(title)
                        .doesNotContainPattern("\\$(?!labels\\.|values\\.A\\.Value)");
                assertThat(rule.path("noDataState").asText()).isIn("OK", "Alerting");
                assertThat(rule.path("execErrState").asText()).isEqualTo("Error");
                assertThat(panelOf(rule).path("title").asText()).as(title).isNotBlank();
            }
        }
        assertThat(queryNames().stream().filter(name -> name.startsWith("alert_")).toList())
                .containsExactlyElementsOf(asked);
    }

    /** The panel that a notification links to; both ways to name it must be the same. */
    private static JsonNode panelOf(JsonNode rule) {
        String uid = rule.path("dashboardUid").asText();
        int id = rule.path("panelId").asInt();
        JsonNode annotations = rule.path("annotations");
        assertThat(annotations.path("__dashboardUid__").asText()).isEqualTo(uid);
        assertThat(annotations.path("__panelId__").textValue()).isEqualTo(Integer.toString(id));
        for (String name : dashboards()) {
            for (JsonNode panel : dashboard(name).path("panels")) {
                if (dashboard(name).path("uid").asText().equals(uid)
                        && panel.path("id").asInt() == id) {
                    return panel;
                }
            }
        }
        throw new AssertionError("there is no panel " + id + " in " + uid);
    }

    /** The runbook's name is no link, so it must not be called one. */
    @Test
    void eachAlertHasItsSectionOfTheRunbookAndEachSectionAnAlert() throws IOException {
        Set<String> sections = new TreeSet<>();
        Matcher section =
                Pattern.compile("^## (\\S+)\n\n\\*\\*Means\\*\\* ", Pattern.MULTILINE)
                        .matcher(Files.readString(Path.of("../docs/operations.md")));
        while (section.find()) {
            sections.add("docs/operations.md#" + section.group(1));
        }
        Set<String> named = new TreeSet<>();
        for (JsonNode rules : rules()) {
            List<JsonNode> annotations = rules.findValues("annotations");
            assertThat(annotations).hasSizeGreaterThanOrEqualTo(8);
            for (JsonNode each : annotations) {
                assertThat(each.has("runbook_url")).isFalse();
                named.add(each.path("runbook").asText());
            }
        }
        assertThat(named).isEqualTo(sections);
    }

    /** Grafana's and Prometheus's. */
    private static List<JsonNode> rules() {
        return List.of(
                provisioning("alerting"), read(YAML, Path.of("../conf/prometheus/rules.yml")));
    }

    /** docs/metrics.md says which is which; MetricsIT checks that it is right. */
    @Test
    void countersAreAskedForTheirIncreaseAndGaugesAreNot() throws IOException {
        Map<String, String> kinds = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/metrics.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 8 && cells[6].contains("`")) {
                kinds.put(
                        cells[6].strip().replace("`", "").replace("REASON", ""), cells[3].strip());
            }
        }
        assertThat(kinds.values()).contains("counter", "gauge");
        List<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(20);
        Pattern metric =
                Pattern.compile("(\\w*)\\(?flink_taskmanager_job_task_operator_weir_(\\w+)");
        for (String expression : expressions) {
            Matcher used = metric.matcher(expression);
            while (used.find()) {
                String name = used.group(2).replaceAll("^rejected_by_.*", "rejected_by_");
                assertThat(kinds).as(expression).containsKey(name);
                assertThat(List.of("rate", "increase").contains(used.group(1)))
                        .as(expression)
                        .isEqualTo("counter".equals(kinds.get(name)));
            }
        }
    }

    /** Kafka's own are NaN while a client is idle, and one NaN makes a whole sum NaN. */
    @Test
    void metricsOfKafkasClientsAreComparedBeforeTheyAreAddedUp() {
        Pattern metric = Pattern.compile("\\w+_Kafka(?:Consumer|Producer)_\\w+( >= 0)?");
        List<String> guards = new ArrayList<>();
        for (String expression : expressions()) {
            Matcher used = metric.matcher(expression);
            while (used.find()) {
                assertThat(used.group(1)).as(expression).isNotNull();
                guards.add(expression);
            }
        }
        assertThat(guards).isNotEmpty();
    }

    /** Everything that dashboards and both kinds of rules ask Prometheus. */
    private static List<String> expressions() {
        return Stream.concat(dashboards().stream().map(DashboardsTest::dashboard), rules().stream())
                .flatMap(file -> file.findValues("expr").stream())
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void everyQueryIsDrawnSomewhere() {
        Set<String> used = new HashSet<>();
        for (String name : dashboards()) {
            for (String key : List.of("rawSql", "query")) {
                dashboard(name).findValues(key).forEach(sql -> used.add(sql.asText()));
            }
        }
        for (String name : queryNames()) {
            if (!name.startsWith("alert_")) {
                assertThat(used).as(name).contains(NamedQuery.load(name).text());
            }
        }
    }
}
