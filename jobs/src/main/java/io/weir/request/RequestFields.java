package io.weir.request;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of one event lie in its record; of two equal fields, the last one.
 *
 * <p>A field that is missing and one that is null are the same: {@link JsonType#NULL}. Reused from
 * record to record; not for several threads.
 */
final class RequestFields {
    private static final int COUNT = RequestField.values().length;

    private final JsonScanner scanner = new JsonScanner();
    private final FieldText text = new FieldText();

    // Of each field by its ordinal.
    private final JsonType[] types = new JsonType[COUNT];
    private final int[] starts = new int[COUNT];
    private final int[] ends = new int[COUNT];
    private final boolean[] areEscaped = new boolean[COUNT];

    private byte[] record = {};

    /** Finds the fields of an event, and checks that all of the record is one JSON object. */
    void read(byte[] newRecord) throws RejectedException {
        record = newRecord;
        Arrays.fill(types, JsonType.NULL);
        JsonType found = scanner.begin(newRecord);
        if (found != JsonType.OBJECT) {
            throw new RejectedException(
                    RejectReason.NOT_AN_OBJECT,
                    "the record is " + found.description() + ": expected a JSON object");
        }
        while (scanner.nextName()) {
            RequestField field = fieldOfMember();
            JsonType type = scanner.value();
            if (field != null) {
                int index = field.ordinal();
                types[index] = type;
                starts[index] = scanner.start();
                ends[index] = scanner.end();
                areEscaped[index] = scanner.isEscaped();
            }
        }
    }

    /** The bytes that hold the fields. */
    byte[] record() {
        return record;
    }

    JsonType type(RequestField field) {
        return types[field.ordinal()];
    }

    boolean isAbsent(RequestField field) {
        return type(field) == JsonType.NULL;
    }

    int start(RequestField field) {
        return starts[field.ordinal()];
    }

    int end(RequestField field) {
        return ends[field.ordinal()];
    }

    /** The text of a field that is a string; good until the next one is asked for. */
    FieldText text(RequestField field) {
        return text.set(record, start(field), end(field), areEscaped[field.ordinal()]);
    }

    private @Nullable RequestField fieldOfMember() {
        text.set(record, scanner.start(), scanner.end(), scanner.isEscaped());
        return RequestField.named(text.bytes(), text.from(), text.to());
    }
}
