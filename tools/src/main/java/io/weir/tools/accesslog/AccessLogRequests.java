package io.weir.tools.accesslog;

import io.weir.request.CountryDatabase;
import io.weir.tools.logfile.LogFile;
import io.weir.tools.logfile.RotatedLog;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSource;
import io.weir.tools.send.TimeSpan;
import io.weir.tools.text.Count;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of access logs, merged by time; the lines of the first log are those of the first
 * site, and so on, or each host is a site.
 *
 * <p>Lines that are no requests are sent as they are, so that they are rejected and counted. The
 * send time is the largest time read so far; before the first time found it is that one.
 *
 * <p>The files are opened and read once when this is made, and read again by each iterator, with
 * the same result whatever is written to them meanwhile; no more than a line of each is held in
 * memory.
 */
public final class AccessLogRequests implements RecordSource, Closeable {

    private final List<AccessLogFile> files;
    private final LineRules rules;
    private final @Nullable HostSites hosts;
    private final @Nullable CountryDatabase countries;
    private final LogSummary summary;

    private AccessLogRequests(
            List<AccessLogFile> files,
            LineRules rules,
            @Nullable HostSites hosts,
            @Nullable CountryDatabase countries)
            throws IOException {
        this.files = files;
        this.rules = rules;
        this.hosts = hosts;
        this.countries = countries;
        this.summary = LogSummary.of(files, rules, hosts);
    }

    /** Reads lines by the rules that hold where nothing is said. */
    static AccessLogRequests of(List<Path> files, int firstSiteId) throws IOException {
        return of(files, firstSiteId, LineRules.DEFAULT);
    }

    /**
     * Opens the files and reads them from beginning to end, to know how many lines there are and
     * what times they have.
     *
     * @param files Apache or nginx logs, of which {@link RotatedLog} knows which are of one site
     * @param rules how their lines are read
     * @throws IOException when a file cannot be read; the message names it
     */
    public static AccessLogRequests of(List<Path> files, int firstSiteId, LineRules rules)
            throws IOException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no access log is named");
        }
        List<RotatedLog> logs = RotatedLog.of(files);
        if (firstSiteId < 0 || firstSiteId > Integer.MAX_VALUE - (logs.size() - 1)) {
            throw new IllegalArgumentException(
                    "site ids must be 0 to %d, but the first of %d is %d"
                            .formatted(Integer.MAX_VALUE, logs.size(), firstSiteId));
        }
        Path database = rules.countries();
        CountryDatabase countries = database == null ? null : CountryDatabase.open(database);
        List<AccessLogFile> opened = new ArrayList<>();
        try {
            for (int i = 0; i < logs.size(); i++) {
                for (Path part : logs.get(i).parts()) {
                    LogFile log = LogFile.open(part);
                    opened.add(new AccessLogFile(log, nameOf(part, files), firstSiteId + i));
                }
            }
            return new AccessLogRequests(
                    List.copyOf(opened),
                    rules,
                    rules.siteBy() == SiteBy.HOST ? new HostSites(firstSiteId) : null,
                    countries);
        } catch (IOException | RuntimeException e) {
            close(opened, countries);
            throw e;
        }
    }

    @Override
    public Iterator<OutgoingRecord> iterator() {
        try {
            return new Records(
                    new MergedLogs(files, rules, summary.believed(), hosts),
                    new LineRecords(countries),
                    summary.firstTime());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Duration worstLag() {
        return summary.worstLag();
    }

    /** Whether any line is a request: what is no access log has none. */
    public boolean hasRequests() {
        return summary.hasRequests();
    }

    /** The domains that are sites, by their order; none if each log is a site. */
    public Map<String, Integer> domains() {
        return hosts == null ? Map.of() : hosts.byDomain();
    }

    /** What the lines are. */
    public LogFindings findings() {
        return summary.findings();
    }

    /** Where no line has a time, the time at which the logs were read. */
    @Override
    public TimeSpan eventTimes() {
        return summary.eventTimes();
    }

    @Override
    public long size() {
        return summary.lines();
    }

    /** What people should know of how the files were read, a sentence each. */
    public List<String> notes() throws IOException {
        List<String> notes = new ArrayList<>();
        for (AccessLogFile file : files) {
            if (file.log().hasGrown()) {
                notes.add(
                        "%s is being written to: what it held when it was opened counts"
                                .formatted(file.name()));
            }
        }
        MergedLogs.Line misdated = summary.firstMisdated();
        if (misdated != null) {
            notes.add(
                    "%s rejected: %s; the first is line %d of %s"
                            .formatted(
                                    Count.of(summary.misdated(), "line"),
                                    LineFault.MISDATED.reason(),
                                    misdated.number(),
                                    misdated.source()));
        }
        return List.copyOf(notes);
    }

    /** Nothing can be read any more. */
    @Override
    public void close() throws IOException {
        close(files, countries);
    }

    private static void close(List<AccessLogFile> files, @Nullable CountryDatabase countries)
            throws IOException {
        for (AccessLogFile file : files) {
            file.log().close();
        }
        if (countries != null) {
            countries.close();
        }
    }

    /** The file's name without its folder, unless another file has the same, or it is a pipe. */
    private static String nameOf(Path file, List<Path> files) {
        Path name = file.getFileName();
        if (name == null
                || !Files.isRegularFile(file)
                || files.stream().filter(f -> f.endsWith(name)).distinct().count() > 1) {
            return file.toString();
        }
        return name.toString();
    }

    private static final class Records implements Iterator<OutgoingRecord> {

        private final MergedLogs logs;
        private final LineRecords records;
        private Instant largestTime;

        Records(MergedLogs logs, LineRecords records, Instant firstTime) {
            this.logs = logs;
            this.records = records;
            this.largestTime = firstTime;
        }

        @Override
        public boolean hasNext() {
            return logs.hasNext();
        }

        @Override
        public OutgoingRecord next() {
            MergedLogs.Line line = logs.next();
            if (line.content() instanceof ParsedLine request
                    && request.time().isAfter(largestTime)) {
                largestTime = request.time();
            }
            try {
                // Kafka knows no time before 1970
                return records.of(line, Math.max(0, largestTime.toEpochMilli()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
