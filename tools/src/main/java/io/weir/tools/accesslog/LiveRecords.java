package io.weir.tools.accesslog;

import io.weir.request.CountryDatabase;
import io.weir.tools.send.OutgoingRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of lines that are read while logs are written, in the order in which it gets them.
 *
 * <p>The send time of a record is the largest time of a request so far. One that is later than the
 * clock's does not count: a line dated 9999 would make every request after it late, while so the
 * job rejects only that line. Before the first time found it is the clock's.
 */
public final class LiveRecords implements Closeable {

    private final LineRules rules;
    private final @Nullable HostSites hosts;
    private final @Nullable CountryDatabase countries;
    private final LineRecords records;
    private final LogFindings findings;
    private final InstantSource clock;
    private long largestMillis;

    private LiveRecords(
            LineRules rules,
            @Nullable HostSites hosts,
            @Nullable CountryDatabase countries,
            long largestMillis,
            InstantSource clock) {
        this.rules = rules;
        this.hosts = hosts;
        this.countries = countries;
        this.records = new LineRecords(countries);
        this.findings = new LogFindings(rules.responseTimes());
        this.largestMillis = largestMillis;
        this.clock = clock;
    }

    /**
     * Goes on after what was sent before.
     *
     * @param firstSiteId of the first host, if hosts are sites
     * @param domains that are sites already, in the order of their numbers
     * @param largestMillis the largest time so far, epoch milliseconds; 0 where there is none
     * @throws IOException when the database of countries cannot be read
     */
    public static LiveRecords of(
            LineRules rules,
            int firstSiteId,
            List<String> domains,
            long largestMillis,
            InstantSource clock)
            throws IOException {
        Path database = rules.countries();
        return new LiveRecords(
                rules,
                rules.siteBy() == SiteBy.HOST ? new HostSites(firstSiteId, domains) : null,
                database == null ? null : CountryDatabase.open(database),
                largestMillis,
                clock);
    }

    /**
     * What reads one file from its beginning.
     *
     * @param source the file, as records name it
     */
    public LiveLines open(String source) {
        return new LiveLines(source, rules);
    }

    /**
     * The record of a line that is no directive.
     *
     * @param source the file, as records name it
     * @param siteOfFile the site of its requests, unless hosts are sites
     * @param number of the line in the file, from 1
     */
    public OutgoingRecord of(
            String source, int siteOfFile, long number, byte[] bytes, LogLine content)
            throws IOException {
        MergedLogs.Line line =
                MergedLogs.Line.of(source, number, bytes, content, siteOfFile, hosts);
        findings.add(line);
        if (line.content() instanceof ParsedLine request) {
            advance(request.time());
        }
        return records.of(line, largestMillis == 0 ? clock.millis() : largestMillis);
    }

    private void advance(Instant time) {
        if (!time.isAfter(clock.instant())) {
            largestMillis = Math.max(largestMillis, time.toEpochMilli());
        }
    }

    /** The largest time so far, epoch milliseconds; 0 where there is none. */
    public long largestMillis() {
        return largestMillis;
    }

    /** The domains that are sites, by their order; none if each log is a site. */
    public Map<String, Integer> domains() {
        return hosts == null ? Map.of() : hosts.byDomain();
    }

    /** What the lines were. */
    public LogFindings findings() {
        return findings;
    }

    @Override
    public void close() throws IOException {
        if (countries != null) {
            countries.close();
        }
    }
}
