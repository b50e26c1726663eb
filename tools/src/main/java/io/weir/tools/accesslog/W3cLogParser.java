package io.weir.tools.accesslog;

import io.weir.tools.accesslog.TimeNumber.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the extended log format of the W3C, of IIS and CloudFront for example: {@code #Fields} says
 * which fields the lines after it have, and times are in UTC.
 *
 * <p>Source: <a href="https://www.w3.org/TR/WD-logfile">W3C working draft WD-logfile</a>.
 */
final class W3cLogParser implements LogFormat {

    private static final String FIELDS = "#Fields:";
    private static final List<String> DIRECTIVES =
            List.of(
                    FIELDS,
                    "#Version:",
                    "#Software:",
                    "#Date:",
                    "#Start-Date:",
                    "#End-Date:",
                    "#Remark:");

    private final ResponseTimeRule responseTimes;
    private @Nullable List<String> names;

    W3cLogParser(ResponseTimeRule responseTimes) {
        this.responseTimes = responseTimes;
    }

    @Override
    public String name() {
        return "W3C extended";
    }

    @Override
    public LogLine parse(byte[] bytes) {
        LineText line = LineText.of(bytes);
        if (line.has(0, '#')) {
            if (line.startsWith(FIELDS, 0)) {
                names = words(line, FIELDS.length());
            }
            return DIRECTIVES.stream().anyMatch(directive -> line.startsWith(directive, 0))
                    ? new DirectiveLine()
                    : new UnparsableLine(LineFault.OTHER_FIELDS);
        }
        if (line.afterBlanks(0) == line.length()) {
            return new UnparsableLine(LineFault.EMPTY);
        }
        List<String> values = words(line, 0);
        if (names == null || names.size() != values.size()) {
            return new UnparsableLine(LineFault.OTHER_FIELDS);
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).equals("-")) {
                fields.put(names.get(i), values.get(i));
            }
        }
        return request(new LoggedFields(fields));
    }

    private LogLine request(LoggedFields fields) {
        String date = fields.fields().get("date");
        String time = fields.fields().get("time");
        String query = fields.fields().get("cs-uri-query");
        String stem = fields.fields().getOrDefault("cs-uri-stem", "");
        String taken = fields.fields().get("time-taken");
        String host = fields.first(List.of("cs(Host)", "cs-host"));
        return LoggedFields.request(
                host == null ? null : LoggedFields.client(host).text(),
                fields.fields().get("c-ip"),
                date == null || time == null ? null : LoggedFields.time(date + "T" + time + "Z"),
                "- " + stem + (query == null ? "" : "?" + query),
                fields.fields().get("sc-status"),
                fields.fields().get("sc-bytes"),
                // IIS writes whole milliseconds, the draft and CloudFront say seconds
                LoggedFields.responseTime(
                        responseTimes,
                        taken,
                        taken != null && taken.contains(".") ? Unit.SECONDS : Unit.MILLIS));
    }

    private static List<String> words(LineText line, int from) {
        List<String> words = new ArrayList<>();
        int at = line.afterBlanks(from);
        while (at < line.length()) {
            boolean isQuoted = line.has(at, '"');
            int end = isQuoted ? line.closingQuote(at + 1) : line.afterWord(at, line.length());
            words.add(line.text(isQuoted ? at + 1 : at, end));
            at = line.afterBlanks(Math.min(line.length(), isQuoted ? end + 1 : end));
        }
        return words;
    }
}
