package io.weir.request;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of one event lie in its record; of a field that is there twice, the last one.
 *
 * <p>A field that is missing and one that is null are the same: {@link JsonType#NULL}. Reused from
 * record to record; not for several threads.
 */
final class RequestFields {
    private final JsonScanner scanner = new JsonScanner();
    private final JsonText text = new JsonText();
    private final Map<RequestField, Value> values = new EnumMap<>(RequestField.class);
    private byte[] record = {};

    RequestFields() {
        for (RequestField field : RequestField.values()) {
            values.put(field, new Value());
        }
    }

    /** Finds the fields of an event, and checks that all of the record is one JSON object. */
    void read(byte[] newRecord) throws RejectedException {
        record = newRecord;
        values.values().forEach(Value::clear);
        JsonType found = scanner.begin(newRecord);
        if (found != JsonType.OBJECT) {
            throw new RejectedException(
                    RejectReason.NOT_AN_OBJECT,
                    "the record is " + found.description() + ": expected a JSON object");
        }
        while (scanner.nextMember()) {
            RequestField field = fieldOfMember();
            if (field != null) {
                value(field).set(scanner);
            }
        }
    }

    JsonType type(RequestField field) {
        return value(field).type;
    }

    boolean isAbsent(RequestField field) {
        return type(field) == JsonType.NULL;
    }

    int start(RequestField field) {
        return value(field).start;
    }

    int end(RequestField field) {
        return value(field).end;
    }

    /** The text of a field that is a string; good until the next one is asked for. */
    JsonText text(RequestField field) {
        Value value = value(field);
        text.set(record, value.start, value.end, value.isEscaped);
        return text;
    }

    private Value value(RequestField field) {
        return Objects.requireNonNull(values.get(field));
    }

    private @Nullable RequestField fieldOfMember() {
        if (!scanner.isNameEscaped()) {
            return RequestField.named(record, scanner.nameStart(), scanner.nameEnd());
        }
        text.set(record, scanner.nameStart(), scanner.nameEnd(), true);
        return RequestField.named(text.bytes(), text.from(), text.to());
    }

    private static final class Value {
        private JsonType type = JsonType.NULL;
        private int start;
        private int end;
        private boolean isEscaped;

        void clear() {
            type = JsonType.NULL;
        }

        void set(JsonScanner member) {
            type = member.type();
            start = member.valueStart();
            end = member.valueEnd();
            isEscaped = member.isValueEscaped();
        }
    }
}
