package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.tools.accesslog.HeadField.Kind;
import io.weir.tools.accesslog.TimeNumber.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line whose fields have names, as text.
 *
 * @param fields without those that are absent
 */
record LoggedFields(Map<String, String> fields) {

    private static final int MAX_NUMBER_LENGTH = 30;

    /** Up to the year 5138 in seconds, from 1973 on in milliseconds, and so on. */
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(100_000_000_000L);

    private static final int THOUSAND_DIGITS = 3;

    /** The first of these fields that there is and that holds something. */
    @Nullable String first(List<String> names) {
        return names.stream()
                .map(fields::get)
                .filter(text -> text != null && !text.isEmpty() && !text.equals("-"))
                .findFirst()
                .orElse(null);
    }

    /**
     * A time: ISO 8601, or as Apache writes it, with a zone, in brackets or without; or since 1970,
     * in seconds, milliseconds, microseconds or nanoseconds, which its size says. Null if it is
     * none.
     */
    static @Nullable Instant time(String text) {
        BigDecimal number = number(text);
        if (number == null) {
            LineText line = LineText.of(text.getBytes(ISO_8859_1));
            LogTime time = line.has(0, '[') ? LogTime.at(line, 0) : LogTime.bare(line, 0);
            return time == null || time.end() < line.length() ? null : time.instant();
        }
        BigDecimal seconds = number;
        for (int i = 0; i < 3 && seconds.compareTo(MOST_SECONDS) >= 0; i++) {
            seconds = seconds.movePointLeft(THOUSAND_DIGITS);
        }
        if (seconds.signum() < 0 || seconds.compareTo(MOST_SECONDS) >= 0) {
            return null;
        }
        return Instant.ofEpochMilli(
                seconds.movePointRight(THOUSAND_DIGITS)
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact());
    }

    /**
     * Who sent a request: the first address of a list of those that it came through, or else who
     * sent it to the server. Anybody can send anything as such a list, so what is none says
     * nothing.
     *
     * @param forwarded the value of X-Forwarded-For, null where there is none
     * @return its kind is OTHER where it is no client
     */
    static HeadField client(@Nullable String forwarded, @Nullable String sender) {
        if (forwarded != null) {
            HeadField first = headField(forwarded);
            if (first.isAddress()) {
                return first;
            }
        }
        return headField(sender == null ? "" : sender);
    }

    /** As in the head of a line. */
    private static HeadField headField(String text) {
        LineText line = LineText.of(text.getBytes(UTF_8));
        HeadField field = HeadField.at(line, 0, line.length());
        return field.end() == line.length()
                ? field
                : new HeadField(Kind.OTHER, field.end(), field.text(), false);
    }

    /**
     * The request of these fields, or why they are none.
     *
     * @param host with its port or without
     */
    static LogLine request(
            @Nullable String host,
            HeadField client,
            @Nullable Instant time,
            String request,
            @Nullable String statusText,
            @Nullable String size,
            ResponseTime responseTime,
            SentHeaders headers) {
        if (time == null) {
            return new UnparsableLine(LineFault.NO_TIME_FIELD);
        }
        BigDecimal status = statusText == null ? null : number(statusText);
        if (status == null || status.stripTrailingZeros().scale() > 0) {
            return new UnparsableLine(LineFault.NO_STATUS_FIELD);
        }
        if (status.compareTo(BigDecimal.valueOf(100)) < 0
                || status.compareTo(BigDecimal.valueOf(599)) > 0) {
            return new UnparsableLine(LineFault.STATUS_OUT_OF_RANGE);
        }
        if (client.kind() == Kind.OTHER) {
            return new UnparsableLine(LineFault.NO_CLIENT);
        }
        HeadField server = headField(host == null ? "" : host);
        return new ParsedLine(
                server.kind() == Kind.NOTHING ? null : server.text(),
                client.kind() == Kind.NOTHING ? null : client.text(),
                time,
                request,
                status.intValue(),
                size(size),
                responseTime,
                headers);
    }

    private static @Nullable Long size(@Nullable String text) {
        BigDecimal size = text == null ? null : number(text);
        return size == null || size.signum() < 0
                ? null
                : (Long) size.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    /** A response time that is a field of its own, in the unit that its server writes. */
    static ResponseTime responseTime(ResponseTimeRule rule, @Nullable String text, Unit unit) {
        if (text == null || rule == ResponseTimeRule.OFF) {
            return ResponseTime.NONE;
        }
        LineText line = LineText.of(text.getBytes(ISO_8859_1));
        TimeNumber read = TimeNumber.of(line, 0, line.length());
        BigDecimal number = read == null ? number(text) : null;
        if (number != null && number.signum() >= 0) {
            read = new TimeNumber(number, Math.max(0, number.scale()), null);
        }
        return read == null
                ? ResponseTime.NONE
                : ResponseTime.of(ResponseTimeForm.FIELD, read.micros(unit));
    }

    /**
     * What servers took that were asked one after the other: the sum of their times in seconds,
     * between which are commas, or colons.
     */
    static ResponseTime upstreamTime(ResponseTimeRule rule, String text) {
        LineText line = LineText.of(text.getBytes(ISO_8859_1));
        TimeNumber sum = TimeNumber.sumOf(line, 0, line.length());
        return sum == null || rule == ResponseTimeRule.OFF
                ? ResponseTime.NONE
                : ResponseTime.of(ResponseTimeForm.FIELD, sum.micros(Unit.SECONDS));
    }

    /** A number, or null where it is none to count with. */
    static @Nullable BigDecimal number(String text) {
        if (text.isEmpty() || text.length() > MAX_NUMBER_LENGTH) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            // 1E999999999 is a number, but not one to count with
            return Math.abs(number.scale()) > MAX_NUMBER_LENGTH ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
