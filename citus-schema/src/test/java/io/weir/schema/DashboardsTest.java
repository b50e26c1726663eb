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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Grafana reads from {@code conf/grafana}, and that its SQL is that of the named queries. */
class DashboardsTest {

    static final Path QUERIES = Path.of("queries");
    private static final Path GRAFANA = Path.of("../conf/grafana");
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
        return names(QUERIES, ".sql");
    }

    static List<String> dashboards() {
        return names(GRAFANA.resolve("dashboards"), ".json");
    }

    private static List<String> names(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode dashboard(String name) {
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
            for (JsonNode override : panel.path("fieldConfig").path("overrides")) {
                for (JsonNode property : override.path("properties")) {
                    if (property.path("id").asText().equals("unit")) {
                        assertThat(property.path("value").asText()).as(title).isIn(UNITS);
                    }
                }
            }
        }
    }

    /** 24 columns of 80 pixels, rows of 38: what is smaller cannot be read at 1080p. */
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
        assertThat(site.path("allValue").asText()).isEqualTo("0");
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
    void rulesAskNamedQueriesAndLeadToTheRunbook() {
        Map<String, NamedQuery> queries = byText();
        Set<String> anchors = new TreeSet<>();
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
                assertThat(annotations.path("summary").asText().replace("$$", ""))
                        .doesNotContain("$");
                assertThat(annotations.path("description").asText().replace("$$", ""))
                        .doesNotContain("$");
                String runbook = annotations.path("runbook_url").asText();
                assertThat(runbook).startsWith("docs/operations.md#");
                anchors.add(runbook.substring(runbook.indexOf('#') + 1));
            }
        }
        assertThat(anchors)
                .containsExactly(
                        "election",
                        "error-rate",
                        "lag",
                        "late",
                        "no-data",
                        "partitions",
                        "rejects",
                        "store-size");
        assertThat(queryNames().stream().filter(name -> name.startsWith("alert_")).toList())
                .containsExactlyElementsOf(asked);
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
