package io.weir.tools.accesslog;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes apart what nginx's {@code log_format} has in quotation marks. A variable that is not known
 * is not read: configurations define their own.
 *
 * <p>Source: <a href="https://nginx.org/en/docs/varindex.html">nginx's index of variables</a>.
 */
final class NginxFormat {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:([A-Za-z0-9_]+)|\\{([A-Za-z0-9_]+)\\})");

    private static final Map<String, Meaning> MEANINGS =
            Map.ofEntries(
                    Map.entry("remote_addr", new Meaning(FieldKind.CLIENT, 0)),
                    Map.entry("http_x_forwarded_for", new Meaning(FieldKind.FORWARDED_FOR, 0)),
                    Map.entry("proxy_add_x_forwarded_for", new Meaning(FieldKind.FORWARDED_FOR, 1)),
                    Map.entry("proxy_protocol_addr", new Meaning(FieldKind.FORWARDED_FOR, 2)),
                    Map.entry("time_local", new Meaning(FieldKind.TIME, 0)),
                    Map.entry("time_iso8601", new Meaning(FieldKind.TIME, 0)),
                    Map.entry("msec", new Meaning(FieldKind.EPOCH_SECONDS, 0)),
                    Map.entry("request", new Meaning(FieldKind.REQUEST, 0)),
                    Map.entry("request_uri", new Meaning(FieldKind.TARGET, 1)),
                    Map.entry("uri", new Meaning(FieldKind.PATH, 2)),
                    Map.entry("document_uri", new Meaning(FieldKind.PATH, 2)),
                    Map.entry("args", new Meaning(FieldKind.QUERY, 0)),
                    Map.entry("query_string", new Meaning(FieldKind.QUERY, 0)),
                    Map.entry("server_protocol", new Meaning(FieldKind.PROTOCOL, 0)),
                    Map.entry("status", new Meaning(FieldKind.STATUS, 0)),
                    Map.entry("body_bytes_sent", new Meaning(FieldKind.SIZE, 0)),
                    Map.entry("bytes_sent", new Meaning(FieldKind.SIZE, 1)),
                    Map.entry("request_time", new Meaning(FieldKind.TAKEN_SECONDS, 2)),
                    Map.entry("upstream_response_time", new Meaning(FieldKind.UPSTREAM_SECONDS, 3)),
                    Map.entry("host", new Meaning(FieldKind.HOST, 0)),
                    Map.entry("http_host", new Meaning(FieldKind.HOST, 1)),
                    Map.entry("http_referer", new Meaning(FieldKind.REFERRER, 0)),
                    Map.entry("http_user_agent", new Meaning(FieldKind.USER_AGENT, 0)),
                    Map.entry("request_method", new Meaning(FieldKind.METHOD, 0)),
                    Map.entry("server_name", new Meaning(FieldKind.HOST, 2)));

    private NginxFormat() {}

    /** Whether this is written for nginx. */
    static boolean is(String format) {
        return VARIABLE.matcher(format).find();
    }

    /**
     * @throws IllegalArgumentException if it has a {@code $} without a name
     */
    static FormatPieces read(String format) {
        FormatPieces pieces = new FormatPieces();
        Matcher variable = VARIABLE.matcher(format);
        int at = 0;
        while (at < format.length()) {
            char character = format.charAt(at);
            if (character == '$') {
                if (!variable.find(at) || variable.start() > at) {
                    throw new IllegalArgumentException(
                            "there is no variable name after $ in " + format.substring(at));
                }
                String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
                Meaning meaning = meaningOf(name);
                pieces.field(meaning.kind, meaning.rank, variable.group());
                at = variable.end();
            } else if (character == '\\' && at + 1 < format.length()) {
                pieces.escaped(format.charAt(at + 1));
                at += 2;
            } else {
                pieces.text(character);
                at++;
            }
        }
        return pieces;
    }

    private static Meaning meaningOf(String name) {
        Meaning meaning = MEANINGS.get(name);
        if (meaning != null) {
            return meaning;
        }
        return new Meaning(
                name.startsWith("upstream_") ? FieldKind.OTHER_LIST : FieldKind.OTHER, 0);
    }

    private record Meaning(FieldKind kind, int rank) {}
}
