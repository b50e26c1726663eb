package io.weir.breakdown;

import io.weir.serialize.VariableLength;
import io.weir.view.ViewKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Keys on the wire and in state: of each text the length in bytes plus one, 0 for none. */
final class KeyText {

    private KeyText() {}

    static void write(ViewKey key, DataOutput out) throws IOException {
        write(key.first(), out);
        write(key.second(), out);
    }

    static ViewKey read(DataInput in) throws IOException {
        return new ViewKey(readText(in), readText(in));
    }

    private static void write(@Nullable String text, DataOutput out) throws IOException {
        if (text == null) {
            VariableLength.write(0, out);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        VariableLength.write(utf8.length + 1L, out);
        out.write(utf8);
    }

    private static @Nullable String readText(DataInput in) throws IOException {
        int length = (int) VariableLength.read(in) - 1;
        if (length < 0) {
            return null;
        }
        byte[] utf8 = new byte[length];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
