package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.tools.logfile.LogFile;
import io.weir.tools.logfile.RotatedLog;
import io.weir.tools.send.JsonBuffer;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSender;
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
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of access logs, merged by time; the lines of the first log are those of the first
 * site, and so on.
 *
 * <p>Lines that are no requests are sent as they are, so that they are rejected and counted. The
 * send time is the largest time read so far; before the first time found it is that one.
 *
 * <p>The files are opened and read once when this is made, and read again by each iterator, with
 * the same result whatever is written to them meanwhile; no more than a line of each is held in
 * memory.
 */
public final class AccessLogRequests implements RecordSource, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLogRequests.class);

    private static final int MAX_URL_CHARS = 2_048;
    private static final int MAX_ADDRESS_BYTES = 255;
    private static final long MAX_BYTES_SENT = 1L << 40;

    /** Leaves room for what Kafka adds to a record. */
    private static final int MAX_RECORD_BYTES = RecordSender.MAX_RECORD_BYTES - (64 << 10);

    private final List<AccessLogFile> files;
    private final LogSummary summary;

    private AccessLogRequests(List<AccessLogFile> files, LogSummary summary) {
        this.files = files;
        this.summary = summary;
    }

    /**
     * Opens the files and reads them from beginning to end, to know how many lines there are and
     * what times they have.
     *
     * @param files Apache or nginx logs, of which {@link RotatedLog} knows which are of one site
     * @throws IOException when a file cannot be read; the message names it
     */
    public static AccessLogRequests of(List<Path> files, int firstSiteId) throws IOException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no access log is named");
        }
        List<RotatedLog> logs = RotatedLog.of(files);
        if (firstSiteId < 1 || firstSiteId > Integer.MAX_VALUE - (logs.size() - 1)) {
            throw new IllegalArgumentException(
                    "site ids must be 1 to %d, but the first of %d is %d"
                            .formatted(Integer.MAX_VALUE, logs.size(), firstSiteId));
        }
        List<AccessLogFile> opened = new ArrayList<>();
        try {
            for (int i = 0; i < logs.size(); i++) {
                for (Path part : logs.get(i).parts()) {
                    LogFile log = LogFile.open(part);
                    opened.add(new AccessLogFile(log, nameOf(part, files), firstSiteId + i));
                }
            }
            return new AccessLogRequests(List.copyOf(opened), LogSummary.of(opened));
        } catch (IOException | RuntimeException e) {
            close(opened);
            throw e;
        }
    }

    @Override
    public Iterator<OutgoingRecord> iterator() {
        try {
            return new Records(new MergedLogs(files, summary.believed()), summary.firstTime());
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
                    "%s rejected for being %s, the first is line %d of %s"
                            .formatted(
                                    Count.of(summary.misdated(), "line"),
                                    LoggedYears.NOT_BELIEVED,
                                    misdated.number(),
                                    misdated.file().name()));
        }
        return List.copyOf(notes);
    }

    /** Nothing can be read any more. */
    @Override
    public void close() throws IOException {
        close(files);
    }

    private static void close(List<AccessLogFile> files) throws IOException {
        for (AccessLogFile file : files) {
            file.log().close();
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
        private final JsonBuffer json = new JsonBuffer();
        private Instant largestTime;

        Records(MergedLogs logs, Instant firstTime) {
            this.logs = logs;
            this.largestTime = firstTime;
        }

        @Override
        public boolean hasNext() {
            return logs.hasNext();
        }

        @Override
        public OutgoingRecord next() {
            MergedLogs.Line line = logs.next();
            byte[] value;
            if (line.content() instanceof ParsedLine request) {
                if (request.time().isAfter(largestTime)) {
                    largestTime = request.time();
                }
                value = event(line.file().siteId(), request);
            } else {
                value = unparsable(line);
            }
            return new OutgoingRecord(
                    value,
                    Math.max(0, largestTime.toEpochMilli()), // Kafka knows no time before 1970
                    line.file().name(),
                    line.number());
        }

        private byte[] event(int siteId, ParsedLine request) {
            json.clear().raw("{\"site_id\":").number(siteId);
            json.raw(",\"event_time\":\"").raw(request.time().toString());
            json.raw("\",\"status_code\":").number(request.status());
            if (request.client().getBytes(UTF_8).length <= MAX_ADDRESS_BYTES) {
                json.raw(",\"ip_address\":").text(request.client());
            }
            // a size that no response has says nothing, and must not make the line a reject
            if (request.size() != null && request.size() <= MAX_BYTES_SENT) {
                json.raw(",\"bytes_sent\":").number(request.size());
            }
            String url = target(request.request());
            if (url != null) {
                json.raw(",\"url\":").text(url);
            }
            return json.raw('}').toBytes();
        }

        private static byte[] unparsable(MergedLogs.Line line) {
            if (line.bytes().length <= MAX_RECORD_BYTES) {
                return line.bytes();
            }
            LOG.warn(
                    "line {} of {} is not a request and has {} bytes: only the first {} are sent",
                    line.number(),
                    line.file().path(),
                    line.bytes().length,
                    MAX_RECORD_BYTES);
            return Arrays.copyOf(line.bytes(), MAX_RECORD_BYTES);
        }

        /** What is asked for: what stands between the method and the protocol, if any. */
        private static @Nullable String target(String request) {
            int start = request.indexOf(' ') + 1;
            if (start == 0) {
                return null;
            }
            int protocol = request.lastIndexOf(" HTTP/");
            String target =
                    request.substring(start, protocol < start ? request.length() : protocol);
            return target.substring(0, Math.min(target.length(), MAX_URL_CHARS));
        }
    }
}
