package io.weir.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members of a request's event by their names, those included that Weir itself does not know.
 *
 * <p>Only for requests: of a record that was rejected nothing is said. Of two members of one name
 * the last one counts, as for the decoder. Reused from record to record; not for several threads.
 */
public final class RequestMembers {

    private final byte[][] names;
    private final JsonScanner scanner = new JsonScanner();
    private final FieldText text = new FieldText();

    private final JsonType[] types;
    private final int[] starts;
    private final int[] ends;
    private final boolean[] areEscaped;

    private byte[] bytes = {};

    /**
     * Members that will be asked for.
     *
     * @param names each once; the place of one is what it is asked by
     */
    public RequestMembers(List<String> names) {
        this.names =
                names.stream()
                        .map(name -> name.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new);
        this.types = new JsonType[names.size()];
        this.starts = new int[names.size()];
        this.ends = new int[names.size()];
        this.areEscaped = new boolean[names.size()];
    }

    /** Finds them in a request. */
    public void read(ReadRecord request) {
        bytes = request.value();
        Arrays.fill(types, JsonType.NULL);
        try {
            scanner.begin(bytes);
            while (scanner.nextName()) {
                text.set(bytes, scanner.start(), scanner.end(), scanner.isEscaped());
                int place = placeOf(text);
                JsonType type = scanner.value();
                if (place >= 0) {
                    types[place] = type;
                    starts[place] = scanner.start();
                    ends[place] = scanner.end();
                    areEscaped[place] = scanner.isEscaped();
                }
            }
        } catch (RejectedException e) {
            throw new IllegalStateException("a request that is no JSON object", e);
        }
    }

    private int placeOf(FieldText name) {
        for (int place = 0; place < names.length; place++) {
            if (Arrays.equals(
                    names[place], 0, names[place].length, name.bytes(), name.from(), name.to())) {
                return place;
            }
        }
        return -1;
    }

    /** A member that is a string; null for any other. */
    public @Nullable String text(int place) {
        if (types[place] != JsonType.STRING) {
            return null;
        }
        text.set(bytes, starts[place], ends[place], areEscaped[place]);
        return new String(text.bytes(), text.from(), text.length(), StandardCharsets.UTF_8);
    }

    /** A member that is a number, as it is written; null for any other. */
    public @Nullable String number(int place) {
        return types[place] == JsonType.INTEGER || types[place] == JsonType.DECIMAL
                ? written(place)
                : null;
    }

    /** A member that is true or false; null for any other. */
    public @Nullable Boolean bool(int place) {
        return types[place] == JsonType.BOOLEAN ? written(place).equals("true") : null;
    }

    private String written(int place) {
        return new String(
                bytes, starts[place], ends[place] - starts[place], StandardCharsets.US_ASCII);
    }
}
