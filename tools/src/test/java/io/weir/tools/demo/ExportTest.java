package io.weir.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExportTest {

    @Test
    void countersAreSortedByKeyAsPlainText() {
        assertThat(Export.sortedByKey("{\"b\": 1, \"aa\": 2, \"a\": 30}"))
                .isEqualTo("{\"a\": 30, \"aa\": 2, \"b\": 1}");
    }

    @Test
    void noCountersStayNone() {
        assertThat(Export.sortedByKey("{}")).isEqualTo("{}");
    }
}
