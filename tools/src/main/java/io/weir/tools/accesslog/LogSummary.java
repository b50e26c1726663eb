package io.weir.tools.accesslog;

import io.weir.tools.send.TimeSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reading of logs tells.
 *
 * @param firstTime the first time found, which need not be the smallest
 * @param eventTimes of the requests; where there are none, the time of reading
 * @param worstLag how far a request lies behind the largest time before it, at worst
 * @param misdated how many requests have a time that is not believed
 * @param firstMisdated the first of them
 * @param findings what the lines are
 */
record LogSummary(
        long lines,
        boolean hasRequests,
        Instant firstTime,
        TimeSpan eventTimes,
        Duration worstLag,
        BelievedTimes believed,
        long misdated,
        MergedLogs.@Nullable Line firstMisdated,
        LogFindings findings) {

    /** Reads the logs, and once more if they have times that are not believed. */
    static LogSummary of(List<AccessLogFile> files, LineRules rules, @Nullable HostSites hosts)
            throws IOException {
        LoggedYears years = new LoggedYears();
        LogSummary summary = of(files, rules, new AllTimes(years), hosts);
        return years.haveOthers() ? of(files, rules, years, hosts) : summary;
    }

    private static LogSummary of(
            List<AccessLogFile> files,
            LineRules rules,
            BelievedTimes believed,
            @Nullable HostSites hosts)
            throws IOException {
        LogFindings findings = new LogFindings(rules.responseTimes());
        long lines = 0;
        long misdated = 0;
        MergedLogs.Line firstMisdated = null;
        Instant first = null;
        Instant smallest = Instant.MAX;
        Instant largest = Instant.MIN;
        Duration worstLag = Duration.ZERO;
        try (MergedLogs logs = new MergedLogs(files, rules, believed, hosts)) {
            while (logs.hasNext()) {
                lines++;
                MergedLogs.Line line = logs.next();
                findings.add(line);
                if (line.content() instanceof ParsedLine request) {
                    Instant time = request.time();
                    first = first == null ? time : first;
                    smallest = Collections.min(List.of(smallest, time));
                    largest = Collections.max(List.of(largest, time));
                    Duration lag = Duration.between(time, largest);
                    worstLag = Collections.max(List.of(worstLag, lag));
                } else if (line.isMisdated()) {
                    misdated++;
                    firstMisdated = firstMisdated == null ? line : firstMisdated;
                }
            }
            findings.add(logs.formats());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Instant now = Instant.now();
        return new LogSummary(
                lines,
                first != null,
                first == null ? now : first,
                first == null ? new TimeSpan(now, now) : new TimeSpan(smallest, largest),
                worstLag,
                misdated == 0 ? BelievedTimes.ALL : believed,
                misdated,
                firstMisdated,
                findings);
    }

    /** Takes all times for real, and notes their years. */
    private record AllTimes(LoggedYears years) implements BelievedTimes {
        @Override
        public boolean hold(int siteId, Instant time) {
            years.add(siteId, time);
            return true;
        }
    }
}
