package io.weir.tools.accesslog;

import java.util.Locale;
import java.util.Map;

/**
 * Takes apart what Apache's {@code LogFormat} has in quotation marks.
 *
 * <p>Source: <a href="https://httpd.apache.org/docs/2.4/mod/mod_log_config.html">Apache's
 * mod_log_config</a>, mod_logio and mod_ssl.
 */
final class ApacheFormat {

    /** Directives whose values are not read. */
    private static final String OTHERS = "ACcEefIklLnopPRSuXx";

    /** Conversions of strftime, but for those that are short for others. */
    private static final Map<Character, FieldKind> STRFTIME =
            Map.ofEntries(
                    Map.entry('Y', FieldKind.YEAR),
                    Map.entry('m', FieldKind.MONTH),
                    Map.entry('b', FieldKind.MONTH_NAME),
                    Map.entry('h', FieldKind.MONTH_NAME),
                    Map.entry('d', FieldKind.DAY),
                    Map.entry('e', FieldKind.PADDED_DAY),
                    Map.entry('a', FieldKind.WEEKDAY),
                    Map.entry('H', FieldKind.HOUR),
                    Map.entry('M', FieldKind.MINUTE),
                    Map.entry('S', FieldKind.SECOND),
                    Map.entry('z', FieldKind.ZONE),
                    Map.entry('s', FieldKind.EPOCH));

    private final String format;
    private final FormatPieces pieces = new FormatPieces();
    private int at;

    private ApacheFormat(String format) {
        this.format = format;
    }

    /**
     * @throws IllegalArgumentException if it has a directive that Apache does not
     */
    static FormatPieces read(String format) {
        return new ApacheFormat(format).read();
    }

    private FormatPieces read() {
        while (at < format.length()) {
            char character = format.charAt(at++);
            if (character == '%') {
                readDirective();
            } else if (character == '\\' && at < format.length()) {
                pieces.escaped(format.charAt(at++));
            } else {
                pieces.text(character);
            }
        }
        return pieces;
    }

    private void readDirective() {
        int start = at - 1;
        String argument = "";
        boolean isLast = false;
        while (at < format.length() && "<>!,0123456789{".indexOf(format.charAt(at)) >= 0) {
            isLast |= format.charAt(at) == '>';
            if (format.charAt(at) == '{') {
                int close = format.indexOf('}', at);
                if (close < 0) {
                    throw new IllegalArgumentException("no } after " + format.substring(start));
                }
                argument = format.substring(at + 1, close);
                at = close;
            }
            at++;
        }
        if (format.startsWith("^ti", at) || format.startsWith("^to", at)) {
            at += 3;
            pieces.field(FieldKind.OTHER, 0, format.substring(start, at));
            return;
        }
        if (at == format.length()) {
            throw unknown(start);
        }
        char directive = format.charAt(at++);
        String written = format.substring(start, at);
        switch (directive) {
            case '%' -> pieces.text('%');
            case 't' -> readTime(argument, written);
            case 'a' -> pieces.field(FieldKind.CLIENT, argument.isEmpty() ? 0 : 2, written);
            case 'h' -> pieces.field(FieldKind.CLIENT, argument.isEmpty() ? 1 : 3, written);
            case 'r' -> pieces.field(FieldKind.REQUEST, 0, written);
            case 'U' -> pieces.field(FieldKind.PATH, 2, written);
            case 'q' -> pieces.field(FieldKind.QUERY, 0, written);
            case 'm' -> pieces.field(FieldKind.METHOD, 0, written);
            case 'H' -> pieces.field(FieldKind.PROTOCOL, 0, written);
            case 's' -> pieces.field(FieldKind.STATUS, isLast ? 0 : 1, written);
            case 'b', 'B' -> pieces.field(FieldKind.SIZE, 0, written);
            case 'O' -> pieces.field(FieldKind.SIZE, 1, written);
            case 'D' -> pieces.field(FieldKind.TAKEN_MICROS, 0, written);
            case 'T' -> readTaken(argument, written);
            case 'V' -> pieces.field(FieldKind.HOST, 0, written);
            case 'v' -> pieces.field(FieldKind.HOST, 2, written);
            case 'i' -> readHeader(argument, written);
            default -> {
                if (OTHERS.indexOf(directive) < 0) {
                    throw unknown(start);
                }
                pieces.field(FieldKind.OTHER, 0, written);
            }
        }
    }

    private void readHeader(String name, String written) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "x-forwarded-for" -> pieces.field(FieldKind.FORWARDED_FOR, 0, written);
            case "host" -> pieces.field(FieldKind.HOST, 1, written);
            case "referer" -> pieces.field(FieldKind.REFERRER, 0, written);
            case "user-agent" -> pieces.field(FieldKind.USER_AGENT, 0, written);
            default -> pieces.field(FieldKind.OTHER, 0, written);
        }
    }

    private void readTaken(String unit, String written) {
        switch (unit) {
            case "us" -> pieces.field(FieldKind.TAKEN_MICROS, 0, written);
            case "ms" -> pieces.field(FieldKind.TAKEN_MILLIS, 1, written);
            case "", "s" -> pieces.field(FieldKind.TAKEN_SECONDS, 2, written);
            default ->
                    throw new IllegalArgumentException(
                            "unknown unit in %s: Apache has s, ms and us".formatted(written));
        }
    }

    /** The time at which the request began is read rather than that of its end. */
    private void readTime(String argument, String written) {
        int rank = argument.startsWith("end:") ? 1 : 0;
        String time = argument.replaceFirst("^(begin|end):", "");
        switch (time) {
            case "" -> {
                pieces.text('[');
                pieces.field(FieldKind.TIME, rank, written);
                pieces.text(']');
            }
            case "sec", "msec", "usec" -> pieces.field(FieldKind.EPOCH, rank, written);
            case "msec_frac" -> pieces.field(FieldKind.MILLIS, rank, written);
            case "usec_frac" -> pieces.field(FieldKind.MICROS, rank, written);
            default -> readStrftime(time, rank, written);
        }
    }

    private void readStrftime(String time, int rank, String written) {
        String whole =
                time.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d").replace("%R", "%H:%M");
        int next = 0;
        while (next < whole.length()) {
            char character = whole.charAt(next++);
            if (character != '%' || next == whole.length()) {
                pieces.text(character);
                continue;
            }
            char conversion = whole.charAt(next++);
            FieldKind kind = STRFTIME.get(conversion);
            if (kind != null) {
                pieces.field(kind, rank, written);
            } else if (conversion == '%') {
                pieces.text('%');
            } else {
                throw new IllegalArgumentException(
                        "%%%c in %s is not read: of strftime's, Y m b d e a H M S T F R z s are"
                                .formatted(conversion, written));
            }
        }
    }

    private IllegalArgumentException unknown(int start) {
        return new IllegalArgumentException(
                "unknown directive %s".formatted(format.substring(start, at)));
    }
}
