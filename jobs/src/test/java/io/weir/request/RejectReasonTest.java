package io.weir.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectReasonTest {

    @ParameterizedTest
    @CsvSource({
        "README.md, `%s`",
        "docs/metrics.md, `%s`",
        "conf/grafana/panels/weir-itself.yaml, %s: sum(rate("
    })
    void everyReasonIsNamedWherePeopleLookForIt(String file, String asWritten) throws IOException {
        String text = Files.readString(Path.of("..").resolve(file));

        for (RejectReason reason : RejectReason.values()) {
            assertThat(text).as(file).contains(asWritten.formatted(reason.code()));
        }
    }
}
