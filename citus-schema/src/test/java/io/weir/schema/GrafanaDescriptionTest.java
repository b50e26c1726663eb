package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrafanaDescriptionTest {

    @Test
    void mergesMembersReplacesListsAndTakesOutNulls() throws JsonProcessingException {
        ObjectNode target = yaml("{a: {b: 1, c: 2, d: [1, 2]}, e: {f: 3}}");

        GrafanaDescription.merge(target, yaml("{a: {b: null, d: [{x: null}], g: {h: 4}}, e: 5}"));

        assertThat(target).isEqualTo(yaml("{a: {c: 2, d: [{x: null}], g: {h: 4}}, e: 5}"));
    }

    @Test
    void aSlipIsRefusedByNameAndPlace() throws JsonProcessingException {
        GrafanaDescription panel = part("{widht: 12, title: T, link: L, url: U}");

        assertThatThrownBy(() -> panel.only(Set.of("title", "width", "link", "url")))
                .hasMessage("here: unknown 'widht', known are [link, title, url, width]");
        assertThatThrownBy(() -> panel.text("width")).hasMessage("here: 'width' is missing");
        assertThatThrownBy(() -> panel.oneOf("link", "url"))
                .hasMessage("here: needs either 'link' or 'url'");
        assertThatThrownBy(() -> panel.oneOf("width", "height"))
                .hasMessage("here: needs either 'width' or 'height'");
    }

    @Test
    void aFieldIsANameOrProperties() throws JsonProcessingException {
        assertThat(GrafanaFields.overrides(part("{fields: {a: A, b: {width: 9, unit: ms}}}")))
                .isEqualTo(
                        yaml("""
                                        overrides:
                                          - matcher: {id: byName, options: a}
                                            properties: [{id: displayName, value: A}]
                                          - matcher: {id: byName, options: b}
                                            properties: [{id: custom.width, value: 9}, {id: unit, value: ms}]
                                        """)
                                .path("overrides"));
        assertThatThrownBy(() -> GrafanaFields.overrides(part("{fields: {a: {colour: red}}}")))
                .hasMessage("here: unknown 'colour' of a field");
    }

    private static GrafanaDescription part(String text) throws JsonProcessingException {
        return new GrafanaDescription("here", yaml(text));
    }

    private static ObjectNode yaml(String text) throws JsonProcessingException {
        return new YAMLMapper().readValue(text, ObjectNode.class);
    }
}
