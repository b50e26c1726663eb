package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamedQueryTest {

    private static final Instant FROM = Instant.parse("2026-11-24T10:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-24T11:00:00.500Z");
    private static final String HEADER = "-- title: T\n-- description: D, too\n-- unit: ms\n";

    @Test
    void macrosAndVariablesBecomeWhatGrafanaMakesOfThem() {
        NamedQuery query =
                NamedQuery.parse(
                        "q",
                        HEADER
                                + "select 1 from $schema.t where $__timeFilter(bucket) and a >"
                                + " $__timeFrom() and a <= $__timeTo() and $site = $points");

        assertThat(query.expand(FROM, TO, 7, 300, "other"))
                .isEqualTo(
                        HEADER
                                + "select 1 from other.t where bucket BETWEEN '2026-11-24T10:00:00Z'"
                                + " AND '2026-11-24T11:00:00.500Z' and a > '2026-11-24T10:00:00Z'"
                                + " and a <= '2026-11-24T11:00:00.500Z' and 7 = 300");
        assertThat(query.title()).isEqualTo("T");
        assertThat(query.description()).isEqualTo("D, too");
        assertThat(query.unit()).isEqualTo("ms");
    }

    @Test
    void everyFileIsAQueryOfItsName() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("queries"))) {
            assertThat(NamedQuery.names())
                    .map(name -> name + ".sql")
                    .containsExactlyElementsOf(
                            files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertThat(NamedQuery.names())
                .allSatisfy(name -> assertThat(NamedQuery.load(name).name()).isEqualTo(name));
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> NamedQuery.load("nothing"))
                .hasMessage("there is no query nothing");
        assertThatThrownBy(() -> NamedQuery.load("../requests"))
                .hasMessage("'../requests' cannot name a query");
        assertThatThrownBy(() -> NamedQuery.parse("q", "-- title: T\n-- unit: s\nselect 1"))
                .hasMessage("query q has no line -- description: ...");
        assertThatThrownBy(
                        () ->
                                NamedQuery.parse("q", HEADER + "select $__interval")
                                        .expand(FROM, TO, 0, 1, "weir"))
                .hasMessage("query q has $__interval, which nothing replaces");
    }

    @Test
    void nothingButNumbersTimesAndASchemaGetIntoTheText() {
        NamedQuery query = NamedQuery.load("requests");
        assertThatThrownBy(() -> query.expand(TO, FROM, 0, 300, "weir"))
                .hasMessageContaining("before it starts");
        assertThatThrownBy(() -> query.expand(FROM, TO, -2, 300, "weir"))
                .hasMessageContaining("not -2");
        assertThatThrownBy(() -> query.expand(FROM, TO, 0, 0, "weir"))
                .hasMessageContaining("not 0");
        assertThatThrownBy(() -> query.expand(FROM, TO, 0, 300, "weir; drop table x"))
                .hasMessageContaining("cannot name a schema");
    }
}
