package io.weir.tools.accesslog;

import io.weir.tools.accesslog.TimeNumber.Unit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the extended log format of the W3C, of IIS and CloudFront for example: {@code #Fields} says
 * which fields the lines after it have, and times are in UTC.
 *
 * <p>Sources: <a href="https://www.w3.org/TR/WD-logfile">W3C working draft WD-logfile</a>, and for
 * CloudFront's fields <a
 * href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html">its
 * standard logging reference</a>.
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

    /** In the order in which they were added over the years, always at the end. */
    private static final List<String> FIELDS_OF_CLOUDFRONT =
            List.of(
                    "date",
                    "time",
                    "x-edge-location",
                    "sc-bytes",
                    "c-ip",
                    "cs-method",
                    "cs(host)",
                    "cs-uri-stem",
                    "sc-status",
                    "cs(referer)",
                    "cs(user-agent)",
                    "cs-uri-query",
                    "cs(cookie)",
                    "x-edge-result-type",
                    "x-edge-request-id",
                    "x-host-header",
                    "cs-protocol",
                    "cs-bytes",
                    "time-taken",
                    "x-forwarded-for");

    private static final int FEWEST_OF_CLOUDFRONT =
            FIELDS_OF_CLOUDFRONT.indexOf("cs-uri-query") + 1;
    private static final String ONLY_OF_CLOUDFRONT = "x-edge-location";

    /** The address that visitors see, before that of the distribution. */
    private static final List<String> HOSTS = List.of("x-host-header", "cs(host)", "cs-host");

    private static final List<String> FORWARDED = List.of("x-forwarded-for", "cs(x-forwarded-for)");

    private final ResponseTimeRule responseTimes;
    private final List<String> namesWithoutFields;
    private List<String> names = List.of();

    private W3cLogParser(ResponseTimeRule responseTimes, List<String> namesWithoutFields) {
        this.responseTimes = responseTimes;
        this.namesWithoutFields = namesWithoutFields;
    }

    /** Reads lines after {@code #Fields}. */
    static W3cLogParser withFields(ResponseTimeRule responseTimes) {
        return new W3cLogParser(responseTimes, List.of());
    }

    /** Takes lines without {@code #Fields} for those of CloudFront. */
    static W3cLogParser ofCloudFront(ResponseTimeRule responseTimes) {
        return new W3cLogParser(responseTimes, FIELDS_OF_CLOUDFRONT);
    }

    @Override
    public String name() {
        boolean isOfCloudFront =
                names.isEmpty()
                        ? !namesWithoutFields.isEmpty()
                        : names.contains(ONLY_OF_CLOUDFRONT);
        return isOfCloudFront ? "CloudFront's standard log" : "W3C extended";
    }

    /** Never: any line can say that others have other fields. */
    @Override
    public boolean isSettled() {
        return false;
    }

    @Override
    public LogLine parse(byte[] bytes) {
        LineText line = LineText.of(bytes);
        if (line.has(0, '#')) {
            if (line.startsWith(FIELDS, 0)) {
                names =
                        line.fields(FIELDS.length()).stream()
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .toList();
            }
            return DIRECTIVES.stream().anyMatch(directive -> line.startsWith(directive, 0))
                    ? new DirectiveLine()
                    : new UnparsableLine(LineFault.OTHER_FIELDS);
        }
        if (line.afterBlanks(0) == line.length()) {
            return new UnparsableLine(LineFault.EMPTY);
        }
        List<String> values = values(line);
        if (!names.isEmpty()) {
            return values.size() == names.size()
                    ? request(names, values)
                    : new UnparsableLine(LineFault.OTHER_FIELDS);
        }
        if (namesWithoutFields.isEmpty()) {
            return new UnparsableLine(LineFault.NO_FIELDS);
        }
        boolean hasTabs = line.find('\t', 0, line.length()) < line.length();
        return hasTabs && values.size() >= FEWEST_OF_CLOUDFRONT
                ? request(namesWithoutFields, values)
                : new UnparsableLine(LineFault.NOT_CLOUDFRONT);
    }

    /**
     * IIS and CloudFront write no blank within a value, and do not escape a quotation mark that a
     * client sent; others put values in quotation marks.
     */
    private List<String> values(LineText line) {
        List<String> words = line.words(0);
        return words.size() == names.size() || names.isEmpty() ? words : line.fields(0);
    }

    private LogLine request(List<String> fieldNames, List<String> values) {
        Map<String, String> present = new HashMap<>();
        for (int i = 0; i < Math.min(fieldNames.size(), values.size()); i++) {
            if (!values.get(i).equals("-")) {
                present.put(fieldNames.get(i), values.get(i));
            }
        }
        LoggedFields fields = new LoggedFields(present);
        String date = present.get("date");
        String time = present.get("time");
        String query = present.get("cs-uri-query");
        String stem = present.getOrDefault("cs-uri-stem", "");
        String taken = present.get("time-taken");
        String forwarded = fields.first(FORWARDED);
        return LoggedFields.request(
                fields.first(HOSTS),
                LoggedFields.client(withBlanks(forwarded), present.get("c-ip")),
                date == null || time == null ? null : LoggedFields.time(date + "T" + time + "Z"),
                present.getOrDefault("cs-method", "-")
                        + " "
                        + stem
                        + (query == null ? "" : "?" + query),
                present.get("sc-status"),
                present.get("sc-bytes"),
                // IIS writes whole milliseconds, the draft and CloudFront say seconds
                LoggedFields.responseTime(
                        responseTimes,
                        taken,
                        taken != null && taken.contains(".") ? Unit.SECONDS : Unit.MILLIS),
                SentHeaders.of(
                        present.get("cs(referer)"), withBlanks(present.get("cs(user-agent)"))));
    }

    /** IIS writes a plus sign for a blank, CloudFront escapes it as in URLs. */
    private static @Nullable String withBlanks(@Nullable String text) {
        return text == null ? null : text.replace('+', ' ').replace("%20", " ");
    }
}
