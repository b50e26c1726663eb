package io.weir.tools.accesslog;

import io.weir.request.ClientAddress;
import io.weir.tools.accesslog.TimeNumber.Unit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads logs of AWS's Application Load Balancer.
 *
 * <p>A request counts at the time at which the load balancer received it, where the line has that
 * (since 2018), as with Apache and Traefik; otherwise at the time of the response. The two are
 * hours apart for WebSockets.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html">AWS's
 * documentation of the access logs</a>.
 */
final class AlbLogParser implements LogFormat {

    private static final Set<String> TYPES = Set.of("http", "https", "h2", "grpcs", "ws", "wss");

    private static final int TIME = 1;
    private static final int CLIENT = 3;
    private static final int REQUEST_TIME = 5;
    private static final int RESPONSE_TIME = 7;
    private static final int STATUS = 8;
    private static final int SENT_BYTES = 11;
    private static final int REQUEST = 12;
    private static final int USER_AGENT = 13;
    private static final int DOMAIN = 18;
    private static final int CREATION_TIME = 21;

    private final ResponseTimeRule responseTimes;

    AlbLogParser(ResponseTimeRule responseTimes) {
        this.responseTimes = responseTimes;
    }

    @Override
    public String name() {
        return "AWS Application Load Balancer";
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public LogLine parse(byte[] bytes) {
        LineText line = LineText.of(bytes);
        if (line.afterBlanks(0) == line.length()) {
            return new UnparsableLine(LineFault.EMPTY);
        }
        int type = line.afterWord(0, line.length());
        if (!TYPES.contains(line.text(0, type))) {
            return new UnparsableLine(LineFault.NOT_ALB);
        }
        List<String> fields = line.fields(0);
        if (fields.size() <= REQUEST) {
            return new UnparsableLine(LineFault.NOT_ALB);
        }
        Request request = Request.of(fields.get(REQUEST));
        return LoggedFields.request(
                request.host() == null ? field(fields, DOMAIN) : request.host(),
                LoggedFields.client(null, withoutPort(fields.get(CLIENT))),
                LoggedFields.time(
                        fields.get(field(fields, CREATION_TIME) == null ? TIME : CREATION_TIME)),
                request.text(),
                fields.get(STATUS),
                fields.get(SENT_BYTES),
                LoggedFields.responseTime(responseTimes, taken(fields), Unit.SECONDS),
                SentHeaders.of(null, field(fields, USER_AGENT)));
    }

    private static @Nullable String field(List<String> fields, int index) {
        return index >= fields.size() || fields.get(index).equals("-") ? null : fields.get(index);
    }

    /** The port is always there, so the last group of an IPv6 address without brackets is it. */
    private static String withoutPort(String client) {
        int colon = client.lastIndexOf(':');
        byte[] address =
                client.substring(0, Math.max(0, colon)).getBytes(StandardCharsets.ISO_8859_1);
        String canonical =
                address.length == 0 ? null : ClientAddress.canonical(address, 0, address.length);
        return canonical == null ? client : canonical;
    }

    /** The sum of receiving, answering and sending, in seconds; null where one was not reached. */
    private static @Nullable String taken(List<String> fields) {
        BigDecimal sum = BigDecimal.ZERO;
        for (String part : fields.subList(REQUEST_TIME, RESPONSE_TIME + 1)) {
            BigDecimal seconds = LoggedFields.number(part);
            if (seconds == null || seconds.signum() < 0) {
                return null;
            }
            sum = sum.add(seconds);
        }
        return sum.toPlainString();
    }

    /**
     * A request, which has an absolute URL.
     *
     * @param text with a URL as servers write it: {@code GET /path?query HTTP/1.1}
     */
    private record Request(String text, @Nullable String host) {

        /** The hyphen after a port is how the load balancer writes a bad request. */
        private static final Pattern SERVER =
                Pattern.compile("[a-z]+://([^/? ]*?(?::[0-9]+)?)(?:(?<=[0-9])-)?(?=[/? ]|$)");

        static Request of(String written) {
            int url = written.indexOf(' ') + 1;
            Matcher server = SERVER.matcher(written).region(url, written.length());
            if (!server.lookingAt()) {
                return new Request(written, null);
            }
            String rest = written.substring(server.end());
            String slash = rest.startsWith("/") ? "" : "/";
            return new Request(written.substring(0, url) + slash + rest, server.group(1));
        }
    }
}
