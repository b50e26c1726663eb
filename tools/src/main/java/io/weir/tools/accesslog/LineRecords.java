package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.request.CountryDatabase;
import io.weir.tools.send.JsonBuffer;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSender;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes records of lines: an event of a request; of any other line the line itself, which the job
 * then rejects, with the reason as a header.
 *
 * <p>A line that begins like a JSON object gets {@link #LEAD_IN} in front. The job would otherwise
 * take it for an event, of whatever site it says: it decides by the value alone, and does not look
 * at headers.
 */
public final class LineRecords {

    /** Stands in front of what would otherwise begin a JSON object. */
    public static final String LEAD_IN = "not a log line: ";

    private static final Logger LOG = LoggerFactory.getLogger(LineRecords.class);

    /** Of a URL, a referrer and a user agent. */
    private static final int MAX_TEXT_CHARS = 2_048;

    private static final int MAX_METHOD_CHARS = 20;
    private static final int MAX_ADDRESS_BYTES = 255;
    private static final long MAX_BYTES_SENT = 1L << 40;

    /** Leaves room for what Kafka adds to a record. */
    private static final int MAX_RECORD_BYTES = RecordSender.MAX_RECORD_BYTES - (64 << 10);

    private static final byte[] LEAD_IN_BYTES = LEAD_IN.getBytes(US_ASCII);

    private final @Nullable CountryDatabase countries;
    private final JsonBuffer json = new JsonBuffer();

    /**
     * @param countries of clients, or null to leave them out
     */
    LineRecords(@Nullable CountryDatabase countries) {
        this.countries = countries;
    }

    /** The line that was sent as this record, which is no request. */
    public static byte[] lineOf(byte[] value) {
        int length = LEAD_IN_BYTES.length;
        return value.length > length && Arrays.equals(value, 0, length, LEAD_IN_BYTES, 0, length)
                ? Arrays.copyOfRange(value, length, value.length)
                : value;
    }

    OutgoingRecord of(MergedLogs.Line line, long sendTimeMillis) throws IOException {
        String source = line.source();
        if (line.content() instanceof ParsedLine request) {
            byte[] event = event(line.siteId(), request);
            return new OutgoingRecord(event, sendTimeMillis, source, line.number());
        }
        String reason = ((UnparsableLine) line.content()).fault().reason();
        return new OutgoingRecord(unparsable(line), sendTimeMillis, source, line.number(), reason);
    }

    private byte[] event(int siteId, ParsedLine request) throws IOException {
        json.clear().raw("{\"site_id\":").number(siteId);
        json.raw(",\"event_time\":\"").raw(request.time().toString());
        json.raw("\",\"status_code\":").number(request.status());
        String client = request.client();
        if (client != null && client.getBytes(UTF_8).length <= MAX_ADDRESS_BYTES) {
            json.raw(",\"ip_address\":").text(client);
        }
        String country = countries == null ? null : countries.countryOf(client);
        if (country != null) {
            json.raw(",\"request_country\":").text(country);
        }
        if (request.responseTime().isKnown()) {
            long micros = request.responseTime().micros();
            json.raw(",\"response_time_msec\":").number(micros / 1_000);
            json.raw('.').padded(micros % 1_000, 3);
        }
        // a size that no response has says nothing, and must not make the line a reject
        if (request.size() != null && request.size() <= MAX_BYTES_SENT) {
            json.raw(",\"bytes_sent\":").number(request.size());
        }
        String url = target(request.request());
        if (url != null) {
            json.raw(",\"url\":").text(url);
        }
        String method = method(request.request());
        if (method != null) {
            json.raw(",\"method\":").text(method);
        }
        String referrer = request.headers().referrer();
        if (referrer != null) {
            json.raw(",\"referrer\":").text(cut(referrer));
        }
        String userAgent = request.headers().userAgent();
        if (userAgent != null) {
            json.raw(",\"user_agent\":").text(cut(userAgent));
        }
        return json.raw('}').toBytes();
    }

    private static byte[] unparsable(MergedLogs.Line line) {
        byte[] bytes = line.bytes();
        byte[] leadIn = beginsObject(bytes) ? LEAD_IN_BYTES : new byte[0];
        if (leadIn.length == 0 && bytes.length <= MAX_RECORD_BYTES) {
            return bytes;
        }
        if (bytes.length > MAX_RECORD_BYTES - leadIn.length) {
            LOG.warn(
                    "line {} of {} is not a request and has {} bytes: only the first {} are sent",
                    line.number(),
                    line.source(),
                    bytes.length,
                    MAX_RECORD_BYTES - leadIn.length);
        }
        int kept = Math.min(bytes.length, MAX_RECORD_BYTES - leadIn.length);
        byte[] value = Arrays.copyOf(leadIn, leadIn.length + kept);
        System.arraycopy(bytes, 0, value, leadIn.length, kept);
        return value;
    }

    /** After what JSON takes for white space. */
    private static boolean beginsObject(byte[] bytes) {
        int at = 0;
        while (at < bytes.length
                && (bytes[at] == ' '
                        || bytes[at] == '\t'
                        || bytes[at] == '\r'
                        || bytes[at] == '\n')) {
            at++;
        }
        return at < bytes.length && bytes[at] == '{';
    }

    /** What is asked for: what stands between the method and the protocol, if any. */
    private static @Nullable String target(String request) {
        int start = request.indexOf(' ') + 1;
        if (start == 0) {
            return null;
        }
        int protocol = request.lastIndexOf(" HTTP/");
        String target = request.substring(start, protocol < start ? request.length() : protocol);
        return cut(target);
    }

    /** What stands first, if it is a word in capital letters. */
    private static @Nullable String method(String request) {
        int end = 0;
        while (end < request.length() && isCapital(request.charAt(end))) {
            end++;
        }
        return end > 0 && end < request.length() && request.charAt(end) == ' '
                ? request.substring(0, Math.min(end, MAX_METHOD_CHARS))
                : null;
    }

    private static boolean isCapital(char character) {
        return character >= 'A' && character <= 'Z';
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MAX_TEXT_CHARS));
    }
}
