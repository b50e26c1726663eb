package io.weir.breakdown;

import io.weir.request.ReadRecord;
import io.weir.serialize.VariableLength;
import io.weir.view.CountingViews;
import io.weir.view.ViewKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which views count a request, as bytes that travel with it to whoever adds up: of
 * each view its number, how many keys a row lists, and the key.
 */
public final class RequestKeys {

    private static final int USUAL_BYTES = 128;

    private RequestKeys() {}

    /** The keys that the views give a request; null if none does. */
    public static byte @Nullable [] of(ReadRecord request, CountingViews views) {
        DataOutputSerializer out = new DataOutputSerializer(USUAL_BYTES);
        views.forEachKey(
                request,
                (view, key) -> {
                    try {
                        VariableLength.write(view.id(), out);
                        VariableLength.write(view.topEntries(), out);
                        KeyText.write(key, out);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return out.length() == 0 ? null : out.getCopyOfBuffer();
    }

    static void forEach(byte @Nullable [] keys, Visitor visitor) {
        if (keys == null) {
            return;
        }
        DataInputDeserializer in = new DataInputDeserializer(keys);
        try {
            while (in.available() > 0) {
                int viewId = (int) VariableLength.read(in);
                int topEntries = (int) VariableLength.read(in);
                visitor.accept(viewId, topEntries, KeyText.read(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("keys of views that are damaged", e);
        }
    }

    /** What takes keys. */
    interface Visitor {
        void accept(int viewId, int topEntries, ViewKey key);
    }
}
