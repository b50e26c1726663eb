package io.weir.tools.accesslog;

import io.weir.tools.logfile.LineReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lines of several sites' access logs merged by time, without holding more than one line of
 * each.
 *
 * <p>Each site's own order stays, that of its files and of the lines in them. An unparsable line
 * has no time: it follows its predecessor in its log, and goes before everything else where it has
 * none. Of equal times the first site's is first. A request of a time that is not believed is
 * unparsable.
 */
final class MergedLogs implements Iterator<MergedLogs.Line>, Closeable {

    /**
     * A line and where it is from.
     *
     * @param source the file, as records name it
     * @param number from 1
     * @param siteId of the request; where the line is none, of the file
     */
    record Line(String source, long number, byte[] bytes, LogLine content, int siteId) {

        /**
         * @param siteOfFile of the file that the line is in
         * @param hosts the sites, or null if each log is one
         */
        static Line of(
                String source,
                long number,
                byte[] bytes,
                LogLine content,
                int siteOfFile,
                @Nullable HostSites hosts) {
            if (hosts == null || !(content instanceof ParsedLine request)) {
                return new Line(source, number, bytes, content, siteOfFile);
            }
            String host = request.host();
            Integer site = host == null ? null : hosts.siteOf(host);
            return site == null
                    ? new Line(source, number, bytes, new UnparsableLine(faultOf(host)), siteOfFile)
                    : new Line(source, number, bytes, content, site);
        }

        /** Whether it would be a request if its time were believed. */
        boolean isMisdated() {
            return content.equals(MISDATED);
        }
    }

    private static final LogLine MISDATED = new UnparsableLine(LineFault.MISDATED);

    private final List<Cursor> cursors = new ArrayList<>();
    private final Map<String, List<String>> formats = new TreeMap<>();
    private final @Nullable HostSites hosts;

    /** With all times believed, a site a log. */
    MergedLogs(List<AccessLogFile> files, LineRules rules) throws IOException {
        this(files, rules, BelievedTimes.ALL, null);
    }

    /**
     * @param hosts the sites, or null if each log is one
     */
    MergedLogs(
            List<AccessLogFile> files,
            LineRules rules,
            BelievedTimes believed,
            @Nullable HostSites hosts)
            throws IOException {
        this.hosts = hosts;
        Map<Integer, List<AccessLogFile>> sites = new LinkedHashMap<>();
        for (AccessLogFile file : files) {
            sites.computeIfAbsent(file.siteId(), site -> new ArrayList<>()).add(file);
        }
        try {
            for (List<AccessLogFile> parts : sites.values()) {
                Cursor cursor = new Cursor(parts, rules, believed);
                cursors.add(cursor);
                cursor.head = cursor.read();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        return nextCursor() != null;
    }

    @Override
    public Line next() {
        Cursor cursor = nextCursor();
        Line next = cursor == null ? null : cursor.head;
        if (cursor == null || next == null) {
            throw new NoSuchElementException("no line is left");
        }
        try {
            cursor.head = cursor.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        for (Cursor cursor : cursors) {
            if (cursor.reader != null) {
                cursor.reader.close();
            }
        }
    }

    /** The files that were read to their end, by the format that they had. */
    Map<String, List<String>> formats() {
        return formats;
    }

    private static LineFault faultOf(@Nullable String host) {
        if (host == null) {
            return LineFault.NO_HOST;
        }
        return HostSites.isDomain(host) ? LineFault.TOO_MANY_HOSTS : LineFault.NO_DOMAIN;
    }

    private @Nullable Cursor nextCursor() {
        Cursor first = null;
        for (Cursor cursor : cursors) {
            if (cursor.head != null && (first == null || cursor.time().isBefore(first.time()))) {
                first = cursor;
            }
        }
        return first;
    }

    /** Reads the files of a site, one after the other. */
    private final class Cursor {

        private final Iterator<AccessLogFile> files;
        private final LineRules rules;
        private final BelievedTimes believed;
        private AccessLogFile file;
        private LogFormat format;
        private @Nullable LineReader reader;
        private @Nullable Line head;

        Cursor(List<AccessLogFile> files, LineRules rules, BelievedTimes believed) {
            this.files = files.iterator();
            this.rules = rules;
            this.format = rules.open();
            this.believed = believed;
            this.file = this.files.next();
        }

        /** Before all others where the line has no time, so that it is not parted from its like. */
        Instant time() {
            return head != null && head.content instanceof ParsedLine parsed
                    ? parsed.time()
                    : Instant.MIN;
        }

        private @Nullable Line read() throws IOException {
            try {
                while (true) {
                    if (reader == null) {
                        reader = file.log().lines();
                    }
                    byte[] bytes = reader.next();
                    if (bytes != null) {
                        LogLine content = content(bytes);
                        if (content instanceof DirectiveLine) {
                            continue;
                        }
                        return Line.of(
                                file.name(), reader.lines(), bytes, content, file.siteId(), hosts);
                    }
                    reader.close();
                    formats.computeIfAbsent(format.name(), f -> new ArrayList<>()).add(file.name());
                    if (!files.hasNext()) {
                        return null;
                    }
                    reader = null;
                    file = files.next();
                    format = rules.open();
                }
            } catch (IOException e) {
                long line = reader == null ? 0 : reader.lines();
                IOException named =
                        new IOException(
                                "cannot read %s%s: %s"
                                        .formatted(
                                                file.path(),
                                                line == 0 ? "" : " after line " + line,
                                                e.getMessage()));
                named.addSuppressed(e); // as its cause it would be shown in its place
                throw named;
            }
        }

        private LogLine content(byte[] bytes) {
            LogLine content = format.parse(bytes);
            return content instanceof ParsedLine request
                            && !believed.hold(file.siteId(), request.time())
                    ? MISDATED
                    : content;
        }
    }
}
