package io.weir.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The fields of an event, in the order in which they are judged. */
enum RequestField {
    SITE_ID("site_id", "an integer from 0 to 2147483647"),
    /** Says the site where site_id is absent. */
    HOST("host", "text of at most 255 bytes"),
    EVENT_TIME(
            "event_time", "RFC 3339 text with an offset, or epoch milliseconds, from 1970 to 9999"),
    /** The alias of event_time, looked at where that one is absent. */
    INGEST_TIME("ingest_time", EVENT_TIME.accepted),
    STATUS_CODE("status_code", "an integer from 100 to 599"),
    IP_ADDRESS("ip_address", "text of at most 255 bytes"),
    RESPONSE_TIME_MSEC("response_time_msec", "a number from 0 to 86400000"),
    BYTES_SENT("bytes_sent", "an integer from 0 to 1099511627776"),
    REQUEST_COUNTRY("request_country", "text, an ISO 3166-1 code or English name"),
    REQUEST_ID("request_id", "text of at most 200 bytes"),
    URL("url", "text");

    private static final int LETTERS = 32;

    /** No two names have the same length and the same first letter. */
    private static final @Nullable RequestField[] BY_LENGTH_AND_LETTER = byLengthAndLetter();

    private final String fieldName;

    @SuppressWarnings("ImmutableEnumChecker") // never written again
    private final byte[] utf8;

    @SuppressWarnings("ImmutableEnumChecker") // as above
    private final byte[] nameAndColon;

    private final String accepted;

    RequestField(String fieldName, String accepted) {
        this.fieldName = fieldName;
        this.utf8 = fieldName.getBytes(StandardCharsets.UTF_8);
        this.nameAndColon = ('"' + fieldName + "\":").getBytes(StandardCharsets.UTF_8);
        this.accepted = accepted;
    }

    /** The field with the name that lies in these bytes. */
    static @Nullable RequestField named(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0 || length >= LETTERS) {
            return null;
        }
        RequestField field = BY_LENGTH_AND_LETTER[index(length, bytes[from])];
        return field != null && Arrays.equals(field.utf8, 0, field.utf8.length, bytes, from, to)
                ? field
                : null;
    }

    /** The name as most senders write it: in quotation marks, with the colon. */
    byte[] nameAndColon() {
        return nameAndColon;
    }

    String fieldName() {
        return fieldName;
    }

    /** What a value has to be, as messages say it. */
    String accepted() {
        return accepted;
    }

    private static @Nullable RequestField[] byLengthAndLetter() {
        RequestField[] fields = new RequestField[LETTERS * LETTERS];
        for (RequestField field : values()) {
            int index = index(field.utf8.length, field.utf8[0]);
            if (fields[index] != null) {
                throw new IllegalStateException(field + " and " + fields[index]);
            }
            fields[index] = field;
        }
        return fields;
    }

    private static int index(int length, byte firstLetter) {
        return length * LETTERS + (firstLetter & LETTERS - 1);
    }
}
