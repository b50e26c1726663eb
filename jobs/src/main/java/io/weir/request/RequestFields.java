package io.weir.request;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of one event lie in its record; of two equal fields, the last one.
 *
 * <p>A field that is missing and one that is null are the same: {@link JsonType#NULL}. Reused from
 * record to record; not for several threads.
 */
@SuppressWarnings("EnumOrdinal") // plain arrays by field: the hot path, and never stored
class RequestFields {
    private static final int COUNT = RequestField.values().length;

    private final JsonScanner scanner = new JsonScanner();
    private final FieldText text = new FieldText();

    // Of each field by its ordinal.
    private final JsonType[] types = new JsonType[COUNT];
    private final int[] starts = new int[COUNT];
    private final int[] ends = new int[COUNT];
    private final boolean[] areEscaped = new boolean[COUNT];

    /** The field that last came after each one, and at the end the one that came first. */
    private final @Nullable RequestField[] followers = new RequestField[COUNT + 1];

    private byte[] bytes = {};

    /** Finds the fields of an event, and checks that all of the record is one JSON object. */
    void read(byte[] record) throws RejectedException {
        clear(record);
        requireObject(scanner.begin(record));
        int before = COUNT;
        while (scanner.nextMember()) {
            RequestField field = fieldOfMember(before);
            JsonType type = scanner.value();
            if (field != null) {
                before = field.ordinal();
                set(field, type, scanner.start(), scanner.end());
                areEscaped[field.ordinal()] = scanner.isEscaped();
            }
        }
    }

    /** All fields are absent; those that are set will lie in these bytes. */
    final void clear(byte[] holder) {
        bytes = holder;
        Arrays.fill(types, JsonType.NULL);
    }

    final void set(RequestField field, JsonType type, int start, int end) {
        types[field.ordinal()] = type;
        starts[field.ordinal()] = start;
        ends[field.ordinal()] = end;
    }

    static void requireObject(JsonType found) throws RejectedException {
        if (found != JsonType.OBJECT) {
            throw new RejectedException(
                    RejectReason.NOT_AN_OBJECT,
                    "the record is " + found.description() + ": expected a JSON object");
        }
    }

    /** What holds the fields. */
    final byte[] bytes() {
        return bytes;
    }

    final JsonType type(RequestField field) {
        return types[field.ordinal()];
    }

    final boolean isAbsent(RequestField field) {
        return type(field) == JsonType.NULL;
    }

    final int start(RequestField field) {
        return starts[field.ordinal()];
    }

    final int end(RequestField field) {
        return ends[field.ordinal()];
    }

    /** The text of a field that is a string; good until the next one is asked for. */
    final FieldText text(RequestField field) {
        return text.set(bytes, start(field), end(field), areEscaped[field.ordinal()]);
    }

    /**
     * Senders write fields in the same order time and again, so the field that last came at this
     * point is looked for first.
     *
     * @param before the field before this one
     */
    private @Nullable RequestField fieldOfMember(int before) throws RejectedException {
        RequestField expected = followers[before];
        if (expected != null && scanner.skipName(expected.nameAndColon())) {
            return expected;
        }
        scanner.scanName();
        text.set(bytes, scanner.start(), scanner.end(), scanner.isEscaped());
        RequestField field = RequestField.named(text.bytes(), text.from(), text.to());
        if (field != null) {
            followers[before] = field;
        }
        return field;
    }
}
