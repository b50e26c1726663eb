package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.send.OutgoingRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveRecordsTest {

    private static final Instant NOW = Instant.parse("2026-10-25T12:00:00Z");

    @Test
    void theSendTimeIsTheLargestTimeThatHasCome() throws IOException {
        try (LiveRecords records = LiveRecords.of(LineRules.DEFAULT, 1, List.of(), 0, () -> NOW)) {
            assertThat(sendTime(records, "no request")).isEqualTo(NOW);
            assertThat(sendTime(records, plain("25/Oct/2026:10:00:00")))
                    .isEqualTo("2026-10-25T10:00:00Z");
            assertThat(sendTime(records, plain("25/Oct/9999:10:00:00")))
                    .isEqualTo("2026-10-25T10:00:00Z");
            assertThat(sendTime(records, plain("25/Oct/2026:09:00:00")))
                    .isEqualTo("2026-10-25T10:00:00Z");
            assertThat(sendTime(records, plain("25/Oct/2026:11:00:00")))
                    .isEqualTo("2026-10-25T11:00:00Z");
            assertThat(records.findings().faults().total()).isEqualTo(1);
        }
    }

    @Test
    void goesOnWithTheTimeAndTheHostsOfBefore() throws IOException {
        LineRules rules =
                new LineRules(LogFormatChoice.VHOST, ResponseTimeRule.AUTO, SiteBy.HOST, null);
        try (LiveRecords records =
                LiveRecords.of(
                        rules,
                        5,
                        List.of("a.example", "b.example"),
                        NOW.toEpochMilli(),
                        () -> NOW)) {
            OutgoingRecord known = record(records, "B.example " + plain("25/Oct/2026:10:00:00"));
            OutgoingRecord other = record(records, "c.example " + plain("25/Oct/2026:10:00:00"));
            assertThat(known.sendTimeMillis()).isEqualTo(NOW.toEpochMilli());
            assertThat(new String(known.value(), UTF_8)).startsWith("{\"site_id\":6,");
            assertThat(new String(other.value(), UTF_8)).startsWith("{\"site_id\":7,");
            assertThat(records.domains().keySet())
                    .containsExactly("a.example", "b.example", "c.example");
        }
    }

    private static String plain(String time) {
        return "198.51.100.7 - - [%s +0000] \"GET / HTTP/1.1\" 200 5".formatted(time);
    }

    private static Instant sendTime(LiveRecords records, String line) throws IOException {
        return Instant.ofEpochMilli(record(records, line).sendTimeMillis());
    }

    private static OutgoingRecord record(LiveRecords records, String line) throws IOException {
        byte[] bytes = line.getBytes(UTF_8);
        return records.of("access.log", 1, 1, bytes, records.open("access.log").parse(1, bytes));
    }
}
