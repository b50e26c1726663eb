package io.weir.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the fields of an event with Jackson's streaming parser: the same records are accepted. It
 * exists to be compared with our own reader.
 *
 * <p>The parser also reads UTF-16, a byte order mark, overlong UTF-8 and lone surrogates, so the
 * bytes are checked before it sees them. It hands out characters; the few that are needed are put
 * into one buffer of bytes.
 */
public final class JacksonFields extends RequestFields {

    private static final JsonFactory JACKSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(JsonScanner.MAX_DEPTH)
                                    .maxNumberLength(RequestDecoder.MAX_BYTES)
                                    .maxNameLength(RequestDecoder.MAX_BYTES)
                                    .build())
                    .build();
    private static final Map<String, RequestField> FIELDS =
            Stream.of(RequestField.values())
                    .collect(Collectors.toMap(RequestField::fieldName, Function.identity()));
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;

    private byte[] texts = new byte[1_024];
    private int used;

    private JacksonFields() {}

    /** The job's decoder on Jackson's parser. */
    public static RequestDecoder decoder(Duration maxAhead) {
        return new RequestDecoder(maxAhead, null, new JacksonFields());
    }

    @Override
    void read(byte[] record) throws RejectedException {
        checkUtf8(record);
        if (texts.length < record.length) {
            texts = new byte[record.length];
        }
        clear(texts);
        used = 0;
        try (JsonParser json = JACKSON.createParser(record)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_OBJECT) {
                readMembers(json);
            } else {
                json.skipChildren();
            }
            if (first == null || json.nextToken() != null) {
                throw RejectedException.notJson("not JSON");
            }
            requireObject(type(first));
        } catch (IOException e) {
            throw RejectedException.notJson("not JSON");
        }
    }

    private void readMembers(JsonParser json) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            RequestField field = FIELDS.get(name);
            if (field != null) {
                int start = used;
                if (token.isScalarValue() && field != RequestField.URL) {
                    addText(json);
                }
                set(field, type(token), start, used);
            }
            json.skipChildren();
        }
    }

    private void addText(JsonParser json) throws IOException {
        char[] characters = json.getTextCharacters();
        int from = json.getTextOffset();
        int to = from + json.getTextLength();
        int start = used;
        for (int i = from; i < to; i++) {
            if (characters[i] >= 0x80) {
                byte[] utf8 = json.getText().getBytes(StandardCharsets.UTF_8);
                System.arraycopy(utf8, 0, texts, start, utf8.length);
                used = start + utf8.length;
                return;
            }
            texts[used++] = (byte) characters[i];
        }
    }

    private static JsonType type(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> JsonType.STRING;
            case VALUE_NUMBER_INT -> JsonType.INTEGER;
            case VALUE_NUMBER_FLOAT -> JsonType.DECIMAL;
            case VALUE_TRUE, VALUE_FALSE -> JsonType.BOOLEAN;
            case START_OBJECT -> JsonType.OBJECT;
            case START_ARRAY -> JsonType.ARRAY;
            default -> JsonType.NULL;
        };
    }

    private static void checkUtf8(byte[] record) throws RejectedException {
        if (record[0] <= 0 || (record.length > 1 && record[1] == 0)) {
            throw RejectedException.notJson("a byte order mark or UTF-16");
        }
        int at = 0;
        while (at < record.length) {
            boolean areAscii =
                    at + Long.BYTES <= record.length
                            && ((long) LONGS.get(record, at) & NOT_ASCII) == 0;
            at += areAscii ? Long.BYTES : record[at] >= 0 ? 1 : Utf8.lengthOfCharacter(record, at);
        }
    }
}
