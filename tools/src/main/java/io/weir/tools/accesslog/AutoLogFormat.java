package io.weir.tools.accesslog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file in the format of its first line that is a request, or a directive, in any of them.
 * Lines before that are what the plain format says of them.
 */
final class AutoLogFormat implements LogFormat {

    private final LogFormat plain;
    private final List<LogFormat> others;
    private @Nullable LogFormat found;

    AutoLogFormat(ResponseTimeRule responseTimes) {
        this.plain = new AccessLogParser(responseTimes);
        this.others = List.of(new JsonLogParser(responseTimes), new W3cLogParser(responseTimes));
    }

    @Override
    public LogLine parse(byte[] line) {
        if (found != null) {
            return found.parse(line);
        }
        LogLine asPlain = plain.parse(line);
        if (asPlain instanceof ParsedLine) {
            found = plain;
            return asPlain;
        }
        for (LogFormat other : others) {
            LogLine asOther = other.parse(line);
            if (!(asOther instanceof UnparsableLine)) {
                found = other;
                return asOther;
            }
        }
        return asPlain;
    }

    @Override
    public String name() {
        return found == null ? plain.name() : found.name();
    }
}
