package io.weir.request;

import com.alibaba.fastjson2.JSONException;
import com.alibaba.fastjson2.JSONReader;
import io.weir.sketch.VisitorHash;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request of a Kafka record, or says why it is none. The event is one JSON object; unknown
 * fields are ignored, null is absent, and of a field given twice the last one counts.
 *
 * <p>Whether a request is dated too far ahead or too old is judged by the record's timestamp, never
 * by the machine's clock, so that a replay decides the same.
 */
public final class RequestDecoder implements Serializable {

    /** Larger records are rejected unread. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final long serialVersionUID = 1;

    private static final long MAX_BYTES_SENT = 1L << 40;
    private static final BigDecimal MAX_RESPONSE_TIME_MSEC = new BigDecimal(86_400_000);
    private static final int MAX_IP_ADDRESS_BYTES = 255;
    private static final int MAX_REQUEST_ID_BYTES = 200;
    private static final String UNKNOWN_COUNTRY = "ZZ";
    private static final Map<String, String> COUNTRIES = countries();

    private final long maxAheadMillis;
    private final long maxAgeMillis;

    /**
     * @param maxAge null when a request may be of any age
     */
    public RequestDecoder(Duration maxAhead, @Nullable Duration maxAge) {
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException("maxAhead is negative: " + maxAhead);
        }
        if (maxAge != null && maxAge.isNegative()) {
            throw new IllegalArgumentException("maxAge is negative: " + maxAge);
        }
        this.maxAheadMillis = maxAhead.toMillis();
        this.maxAgeMillis = maxAge == null ? Long.MAX_VALUE : maxAge.toMillis();
    }

    private static Map<String, String> countries() {
        Map<String, String> countries = new HashMap<>();
        for (String code : Locale.getISOCountries()) {
            countries.put(code, code);
            countries.put(code.toLowerCase(Locale.ROOT), code);
        }
        return countries;
    }

    public DecodedRecord decode(KafkaRecord record) {
        try {
            return new DecodedRecord(record, request(record), null);
        } catch (Refusal refusal) {
            return new DecodedRecord(record, null, refusal.rejection);
        }
    }

    private HttpRequest request(KafkaRecord record) throws Refusal {
        byte[] value = record.value();
        if (value.length == 0) {
            throw new Refusal(RejectReason.NOT_JSON, "the record is empty");
        }
        if (value.length > MAX_BYTES) {
            throw new Refusal(
                    RejectReason.TOO_LARGE,
                    "the record has "
                            + value.length
                            + " bytes, at most "
                            + MAX_BYTES
                            + " are read");
        }
        String problem = StrictJson.problemIn(value);
        if (problem != null) {
            throw new Refusal(RejectReason.NOT_JSON, "not JSON: " + problem);
        }
        Fields fields = new Fields();
        try (JSONReader json = JSONReader.of(value)) {
            if (!json.nextIfObjectStart()) {
                throw new Refusal(
                        RejectReason.NOT_AN_OBJECT, "the record is JSON, but not a JSON object");
            }
            while (!json.nextIfObjectEnd()) {
                fields.read(json.readFieldName(), json);
            }
        }
        return fields.toRequest(record.timestampMillis());
    }

    /** What was read so far of one event; null is absent. */
    private final class Fields {

        private @Nullable Integer siteId;
        private @Nullable Long eventTimeMillis;
        private @Nullable Long ingestTimeMillis;
        private @Nullable Integer statusCode;
        private @Nullable Long visitorHash;
        private long responseTimeMicros = HttpRequest.NOT_TIMED;
        private long bytesSent;
        private String country = UNKNOWN_COUNTRY;
        private @Nullable String requestId;

        void read(String name, JSONReader json) throws Refusal {
            switch (name) {
                case "site_id" -> siteId = wholeNumber(json, name, 1, Integer.MAX_VALUE);
                case "event_time" -> eventTimeMillis = time(json, name);
                case "ingest_time" -> ingestTimeMillis = time(json, name);
                case "status_code" -> statusCode = wholeNumber(json, name, 100, 599);
                case "ip_address" -> readIpAddress(json, name);
                case "response_time_msec" -> readResponseTime(json, name);
                case "bytes_sent" -> readBytesSent(json, name);
                case "request_country" -> readCountry(json, name);
                case "request_id" -> requestId = text(json, name, MAX_REQUEST_ID_BYTES);
                case "url" -> text(json, name, MAX_BYTES);
                default -> json.skipValue();
            }
        }

        private void readIpAddress(JSONReader json, String name) throws Refusal {
            String address = text(json, name, MAX_IP_ADDRESS_BYTES);
            visitorHash =
                    address == null || address.isEmpty() ? null : VisitorHash.hashText(address);
        }

        private void readResponseTime(JSONReader json, String name) throws Refusal {
            if (json.nextIfNull()) {
                responseTimeMicros = HttpRequest.NOT_TIMED;
                return;
            }
            BigDecimal millis = decimal(json, name);
            if (millis.signum() < 0 || millis.compareTo(MAX_RESPONSE_TIME_MSEC) > 0) {
                throw outOfRange(name, millis.toString(), "0 to 86400000 milliseconds");
            }
            responseTimeMicros = micros(millis);
        }

        private void readBytesSent(JSONReader json, String name) throws Refusal {
            Long bytes = longNumber(json, name, 0, MAX_BYTES_SENT);
            bytesSent = bytes == null ? 0 : bytes;
        }

        private void readCountry(JSONReader json, String name) throws Refusal {
            String code = text(json, name, MAX_BYTES);
            country =
                    code == null ? UNKNOWN_COUNTRY : COUNTRIES.getOrDefault(code, UNKNOWN_COUNTRY);
        }

        HttpRequest toRequest(long recordTimestampMillis) throws Refusal {
            Long time = eventTimeMillis == null ? ingestTimeMillis : eventTimeMillis;
            if (siteId == null) {
                throw missing("site_id", "a whole number from 1 to 2147483647");
            }
            if (time == null) {
                throw missing("event_time", TIME);
            }
            if (statusCode == null) {
                throw missing("status_code", "a whole number from 100 to 599");
            }
            checkAge(time, recordTimestampMillis);
            return new HttpRequest(
                    siteId,
                    time,
                    statusCode,
                    visitorHash,
                    responseTimeMicros,
                    bytesSent,
                    country,
                    requestId);
        }
    }

    private static final String TIME =
            "an RFC 3339 time with offset like 2026-01-31T23:59:59.123Z, or epoch milliseconds,"
                    + " from 1970 on";

    private void checkAge(long timeMillis, long recordTimestampMillis) throws Refusal {
        long aheadMillis = timeMillis - recordTimestampMillis;
        if (aheadMillis > maxAheadMillis) {
            throw new Refusal(
                    RejectReason.TOO_FAR_AHEAD,
                    dated(timeMillis, recordTimestampMillis)
                            + ", further ahead than event-time.max-ahead = "
                            + Duration.ofMillis(maxAheadMillis)
                            + " allows");
        }
        if (-aheadMillis > maxAgeMillis) {
            throw new Refusal(
                    RejectReason.TOO_OLD,
                    dated(timeMillis, recordTimestampMillis)
                            + ", older than event-time.max-age = "
                            + Duration.ofMillis(maxAgeMillis)
                            + " allows");
        }
    }

    private static String dated(long timeMillis, long recordTimestampMillis) {
        return "event_time is "
                + Instant.ofEpochMilli(timeMillis)
                + " in a record of "
                + Instant.ofEpochMilli(recordTimestampMillis);
    }

    private static @Nullable Integer wholeNumber(JSONReader json, String name, int min, int max)
            throws Refusal {
        Long number = longNumber(json, name, min, max);
        return number == null ? null : (int) (long) number;
    }

    private static @Nullable Long longNumber(JSONReader json, String name, long min, long max)
            throws Refusal {
        if (json.nextIfNull()) {
            return null;
        }
        String accepted = "a whole number from " + min + " to " + max;
        Number number = number(json, name, accepted);
        if (number instanceof BigInteger) {
            throw outOfRange(name, number.toString(), accepted);
        }
        if (!(number instanceof Integer || number instanceof Long)) {
            throw wrongType(name, "a number with a fraction or an exponent", accepted);
        }
        if (number.longValue() < min || number.longValue() > max) {
            throw outOfRange(name, number.toString(), accepted);
        }
        return number.longValue();
    }

    private static Number number(JSONReader json, String name, String accepted) throws Refusal {
        if (!json.isNumber()) {
            throw wrongType(name, typeOf(json), accepted);
        }
        try {
            return json.readNumber();
        } catch (JSONException e) {
            throw outOfRange(name, "a number beyond any range", accepted);
        }
    }

    private static BigDecimal decimal(JSONReader json, String name) throws Refusal {
        String accepted = "a number of milliseconds from 0 to 86400000";
        if (!json.isNumber()) {
            throw wrongType(name, typeOf(json), accepted);
        }
        try {
            return json.readBigDecimal();
        } catch (JSONException e) {
            throw outOfRange(name, "a number beyond any range", accepted);
        }
    }

    private static long micros(BigDecimal millis) {
        return millis.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    private static @Nullable Long time(JSONReader json, String name) throws Refusal {
        if (json.nextIfNull()) {
            return null;
        }
        if (json.isNumber()) {
            return longNumber(json, name, 0, Long.MAX_VALUE / 2);
        }
        if (!json.isString()) {
            throw wrongType(name, typeOf(json), TIME);
        }
        String text = json.readString();
        OptionalLong millis = EventTimes.parse(text);
        if (millis.isEmpty()) {
            throw wrongType(name, "the text '" + shortened(text) + "'", TIME);
        }
        if (millis.getAsLong() < 0) {
            throw outOfRange(name, text, TIME);
        }
        return millis.getAsLong();
    }

    private static @Nullable String text(JSONReader json, String name, int maxBytes)
            throws Refusal {
        if (json.nextIfNull()) {
            return null;
        }
        if (!json.isString()) {
            throw wrongType(name, typeOf(json), "a text");
        }
        String text = json.readString();
        // a character has three bytes at most, so short texts need no closer look
        if (text.length() > maxBytes / 3
                && text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw outOfRange(
                    name,
                    "a text of " + text.getBytes(StandardCharsets.UTF_8).length + " bytes",
                    "at most " + maxBytes);
        }
        return text;
    }

    private static String typeOf(JSONReader json) {
        if (json.isString()) {
            return "a text";
        }
        if (json.isNumber()) {
            return "a number";
        }
        if (json.isObject()) {
            return "an object";
        }
        return json.isArray() ? "an array" : "true or false";
    }

    private static Refusal missing(String name, String accepted) {
        return new Refusal(RejectReason.MISSING_FIELD, name + " is missing: " + accepted);
    }

    private static Refusal wrongType(String name, String found, String accepted) {
        return new Refusal(RejectReason.WRONG_TYPE, name + " is " + found + ": expected " + accepted);
    }

    private static Refusal outOfRange(String name, String found, String accepted) {
        return new Refusal(
                RejectReason.OUT_OF_RANGE,
                name + " is " + shortened(found) + ": expected " + accepted);
    }

    private static String shortened(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= 60 ? printable : printable.substring(0, 60) + "...";
    }

    /** Ends decoding; without a stack trace, since bad input can come as fast as good input. */
    private static final class Refusal extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Rejection rejection;

        Refusal(RejectReason reason, String message) {
            super(message, null, false, false);
            this.rejection = new Rejection(reason, message);
        }
    }
}
