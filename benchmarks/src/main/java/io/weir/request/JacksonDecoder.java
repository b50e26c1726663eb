package io.weir.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.weir.sketch.VisitorHash;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@link RequestDecoder} would be on Jackson's streaming parser: it accepts the same records
 * and rejects the others for the same reasons. It exists to be compared with.
 *
 * <p>The parser also reads UTF-16, a byte order mark, overlong UTF-8 and lone surrogates, so the
 * bytes are checked before it sees them. A rejection has its reason and no explanation.
 */
public final class JacksonDecoder {

    private static final JsonFactory JACKSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(1_000)
                                    .maxNumberLength(RequestDecoder.MAX_BYTES)
                                    .maxNameLength(RequestDecoder.MAX_BYTES)
                                    .build())
                    .build();

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;

    private static final RequestField[] FIELDS = RequestField.values();
    private static final Map<String, RequestField> BY_NAME = byName();

    private static final int MAX_DIGITS = 18;
    private static final long MAX_MICROS = 86_400_000_000L;

    /** Instead of a value, all of which are 0 or more. */
    private static final long ABSENT = -1;

    private static final long WRONG_TYPE = -2;
    private static final long OUT_OF_RANGE = -3;

    private final long maxAheadMillis;
    private final long[] values = new long[FIELDS.length];
    private byte[] text = new byte[256];
    private long visitorHash;
    private String country = Countries.UNKNOWN;

    public JacksonDecoder(Duration maxAhead) {
        maxAheadMillis = maxAhead.toMillis();
    }

    public DecodedRecord decode(KafkaRecord record) {
        try {
            return new DecodedRecord(record, requestOf(record), null);
        } catch (RejectedException e) {
            return new DecodedRecord(record, null, e.rejection());
        } catch (IOException e) {
            return new DecodedRecord(record, null, rejected(RejectReason.NOT_JSON).rejection());
        }
    }

    private HttpRequest requestOf(KafkaRecord record) throws RejectedException, IOException {
        if (record.value().length > RequestDecoder.MAX_BYTES) {
            throw rejected(RejectReason.TOO_LARGE);
        }
        checkUtf8(record.value());
        readFields(record.value());
        long responseTimeMicros = value(RequestField.RESPONSE_TIME_MSEC);
        long eventTimeMillis = value(RequestField.EVENT_TIME);
        if (eventTimeMillis - record.timestampMillis() > maxAheadMillis) {
            throw rejected(RejectReason.TOO_FAR_AHEAD);
        }
        return new HttpRequest(
                (int) value(RequestField.SITE_ID),
                eventTimeMillis,
                (int) value(RequestField.STATUS_CODE),
                value(RequestField.IP_ADDRESS) == ABSENT ? null : visitorHash,
                responseTimeMicros == ABSENT ? HttpRequest.NOT_TIMED : responseTimeMicros,
                Math.max(0, value(RequestField.BYTES_SENT)),
                country);
    }

    private void readFields(byte[] record) throws RejectedException, IOException {
        Arrays.fill(values, ABSENT);
        country = Countries.UNKNOWN;
        try (JsonParser json = JACKSON.createParser(record)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_OBJECT) {
                readMembers(json);
            } else if (first != null) {
                json.skipChildren();
            }
            if (first == null || json.nextToken() != null) {
                throw rejected(RejectReason.NOT_JSON);
            }
            if (first != JsonToken.START_OBJECT) {
                throw rejected(RejectReason.NOT_AN_OBJECT);
            }
        }
        if (value(RequestField.EVENT_TIME) == ABSENT) {
            values[RequestField.EVENT_TIME.ordinal()] = value(RequestField.INGEST_TIME);
        }
        values[RequestField.INGEST_TIME.ordinal()] = ABSENT;
        for (RequestField field : FIELDS) {
            if (value(field) == WRONG_TYPE) {
                throw rejected(RejectReason.WRONG_TYPE);
            }
            if (value(field) == OUT_OF_RANGE) {
                throw rejected(RejectReason.OUT_OF_RANGE);
            }
            if (value(field) == ABSENT && isRequired(field)) {
                throw rejected(RejectReason.MISSING_FIELD);
            }
        }
    }

    private void readMembers(JsonParser json) throws IOException {
        String name = json.nextFieldName();
        while (name != null) {
            JsonToken token = json.nextToken();
            RequestField field = BY_NAME.get(name);
            if (field != null) {
                values[field.ordinal()] =
                        token == JsonToken.VALUE_NULL ? ABSENT : read(field, token, json);
            }
            json.skipChildren();
            name = json.nextFieldName();
        }
    }

    private long read(RequestField field, JsonToken token, JsonParser json) throws IOException {
        return switch (field) {
            case SITE_ID -> integer(token, json, 1, Integer.MAX_VALUE);
            case STATUS_CODE -> integer(token, json, 100, 599);
            case BYTES_SENT -> integer(token, json, 0, 1L << 40);
            case RESPONSE_TIME_MSEC -> micros(token, json);
            case EVENT_TIME, INGEST_TIME ->
                    token == JsonToken.VALUE_STRING
                            ? time(json)
                            : integer(token, json, 0, Rfc3339.LAST_MILLIS);
            default -> token == JsonToken.VALUE_STRING ? text(field, json) : WRONG_TYPE;
        };
    }

    private static long integer(JsonToken token, JsonParser json, long min, long max)
            throws IOException {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            return WRONG_TYPE;
        }
        if (json.getTextLength() > MAX_DIGITS) {
            return OUT_OF_RANGE;
        }
        long value = json.getLongValue();
        return value < min || value > max ? OUT_OF_RANGE : value;
    }

    private long micros(JsonToken token, JsonParser json) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            long millis = integer(token, json, 0, MAX_MICROS / 1_000);
            return millis < 0 ? millis : millis * 1_000;
        }
        if (token != JsonToken.VALUE_NUMBER_FLOAT) {
            return WRONG_TYPE;
        }
        long micros = JsonNumber.thousandfold(text, 0, utf8(json), MAX_MICROS);
        return micros == JsonNumber.OUT_OF_RANGE ? OUT_OF_RANGE : micros;
    }

    private long time(JsonParser json) throws IOException {
        int length = utf8(json);
        long millis = Rfc3339.millis(text, 0, length);
        return millis == Rfc3339.NOT_A_TIME
                ? WRONG_TYPE
                : millis == Rfc3339.OUT_OF_RANGE ? OUT_OF_RANGE : millis;
    }

    private long text(RequestField field, JsonParser json) throws IOException {
        if (field == RequestField.URL) {
            return 0;
        }
        int length = utf8(json);
        if (field == RequestField.REQUEST_COUNTRY) {
            country = Countries.codeOf(text, 0, length);
            return 0;
        }
        if (length > (field == RequestField.IP_ADDRESS ? 255 : 200)) {
            return OUT_OF_RANGE;
        }
        if (length == 0) {
            return ABSENT;
        }
        if (field == RequestField.IP_ADDRESS) {
            visitorHash = VisitorHash.hashText(text, 0, length);
        }
        return 0;
    }

    /** Puts the token's text into {@link #text}, and returns how many bytes it has. */
    private int utf8(JsonParser json) throws IOException {
        char[] characters = json.getTextCharacters();
        int from = json.getTextOffset();
        int length = json.getTextLength();
        if (length > text.length) {
            text = new byte[length];
        }
        for (int i = 0; i < length; i++) {
            char character = characters[from + i];
            if (character >= 0x80) {
                byte[] bytes = json.getText().getBytes(StandardCharsets.UTF_8);
                text = Arrays.copyOf(bytes, Math.max(bytes.length, text.length));
                return bytes.length;
            }
            text[i] = (byte) character;
        }
        return length;
    }

    private static void checkUtf8(byte[] record) throws RejectedException {
        if (record.length == 0 || record[0] <= 0 || (record.length > 1 && record[1] == 0)) {
            throw rejected(RejectReason.NOT_JSON);
        }
        int at = 0;
        while (at < record.length) {
            if (at + Long.BYTES <= record.length
                    && ((long) LONGS.get(record, at) & NOT_ASCII) == 0) {
                at += Long.BYTES;
            } else {
                at += record[at] >= 0 ? 1 : Utf8.lengthOfCharacter(record, at);
            }
        }
    }

    private long value(RequestField field) {
        return values[field.ordinal()];
    }

    private static boolean isRequired(RequestField field) {
        return field == RequestField.SITE_ID
                || field == RequestField.EVENT_TIME
                || field == RequestField.STATUS_CODE;
    }

    private static Map<String, RequestField> byName() {
        Map<String, RequestField> fields = new HashMap<>();
        for (RequestField field : FIELDS) {
            fields.put(field.fieldName(), field);
        }
        return fields;
    }

    private static RejectedException rejected(RejectReason reason) {
        return new RejectedException(reason, reason.code());
    }
}
