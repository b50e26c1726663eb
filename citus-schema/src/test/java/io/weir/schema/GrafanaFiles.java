package io.weir.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files for Grafana that {@code scripts/dashboards} writes: dashboards and alert rules. */
final class GrafanaFiles {

    private static final String ALERTS_HEAD =
            """
            # Made by scripts/dashboards from conf/grafana/alerts.yaml and citus-schema/queries: change those.
            #
            # Grafana 12 takes annotations and queries as they stand: no variables of the environment, no doubled
            # dollar signs.
            """;

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .build();

    private GrafanaFiles() {}

    /** What each file should hold. */
    static Map<Path, String> generate() throws JsonProcessingException {
        Map<Path, String> files = new TreeMap<>();
        for (String name : described()) {
            files.put(
                    GrafanaDescription.FOLDER.resolve("dashboards/" + name + ".json"),
                    json(GrafanaDashboards.generate(name)));
        }
        files.put(
                GrafanaDescription.FOLDER.resolve("provisioning/alerting/weir.yaml"),
                ALERTS_HEAD + YAML.writeValueAsString(GrafanaAlerts.generate()));
        return files;
    }

    static List<String> described() {
        return names(GrafanaDescription.FOLDER.resolve("panels"), ".yaml");
    }

    /** The files of a folder, without their ending. */
    static List<String> names(Path folder, String ending) {
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

    static void write() throws IOException {
        for (Map.Entry<Path, String> file : generate().entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    private static String json(ObjectNode tree) throws JsonProcessingException {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                        .withObjectEmptySeparator("")
                                        .withArrayEmptySeparator(""))
                        .withObjectIndenter(indenter)
                        .withArrayIndenter(indenter);
        return new JsonMapper().writer(printer).writeValueAsString(tree) + "\n";
    }
}
