package io.weir.tools.accesslog;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file in the format of its first line that is a request, or a directive, in any of them.
 * Lines before that are what the plain format says of them.
 */
final class AutoLogFormat implements LogFormat {

    private final LogFormat plain;
    private final List<LogFormat> others;

    /** Why lines are no requests, by format. */
    private final Map<LogFormat, Map<LineFault, Long>> faults = new LinkedHashMap<>();

    private @Nullable LogFormat found;

    AutoLogFormat(ResponseTimeRule responseTimes) {
        this.plain = new AccessLogParser(responseTimes);
        this.others =
                List.of(
                        new JsonLogParser(responseTimes),
                        W3cLogParser.withFields(responseTimes),
                        new AlbLogParser(responseTimes),
                        W3cLogParser.ofCloudFront(responseTimes));
    }

    @Override
    public LogLine parse(byte[] line) {
        if (found != null) {
            return found.parse(line);
        }
        LogLine asPlain = parse(line, plain);
        if (found != null) {
            return asPlain;
        }
        for (LogFormat other : others) {
            LogLine asOther = parse(line, other);
            if (found != null) {
                return asOther;
            }
        }
        return asPlain;
    }

    private LogLine parse(byte[] line, LogFormat format) {
        LogLine read = format.parse(line);
        if (read instanceof UnparsableLine none) {
            faults.computeIfAbsent(format, each -> new EnumMap<>(LineFault.class))
                    .merge(none.fault(), 1L, Long::sum);
        } else {
            found = format;
        }
        return read;
    }

    @Override
    public boolean isSettled() {
        return found != null && found.isSettled();
    }

    @Override
    public String name() {
        if (found != null) {
            return found.name();
        }
        if (faults.isEmpty()) {
            return plain.name();
        }
        List<String> reasons = new ArrayList<>();
        faults.forEach((format, counts) -> reasons.add(format.name() + ": " + mostOften(counts)));
        return "no known format (%s)".formatted(String.join("; ", reasons));
    }

    private static String mostOften(Map<LineFault, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<LineFault, Long>comparingByValue().reversed())
                .limit(1)
                .map(most -> most.getKey().reason())
                .collect(Collectors.joining());
    }
}
