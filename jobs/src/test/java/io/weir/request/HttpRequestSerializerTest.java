package io.weir.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class HttpRequestSerializerTest {

    /** Written by format 1. Never edit: states out there look like this. */
    private static final String FORMAT_1 =
            "0107"
                    + "00000007"
                    + "0000019bc0aa6c00"
                    + "01f7"
                    + "4252"
                    + "e907"
                    + "8001"
                    + "05"
                    + "0000000000000800"
                    + "0000000000000001"
                    + "ffffffffffffffff";

    private static final HttpRequest SAMPLE =
            new HttpRequest(7, 0x19bc0aa6c00L, 503, 2048L, 1_000, 128, "BR", 5, 1, -1, true);

    @Test
    void readsAndWritesFormat1() throws IOException {
        assertThat(HexFormat.of().formatHex(written(SAMPLE))).isEqualTo(FORMAT_1);
        assertThat(read(HexFormat.of().parseHex(FORMAT_1))).isEqualTo(SAMPLE);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            boolean isIdentified = random.nextBoolean();
            HttpRequest request =
                    new HttpRequest(
                            1 + random.nextInt(Integer.MAX_VALUE),
                            random.nextLong(1L << 45),
                            100 + random.nextInt(500),
                            random.nextBoolean() ? random.nextLong() : null,
                            random.nextBoolean()
                                    ? HttpRequest.NOT_TIMED
                                    : random.nextLong(1L << 36),
                            random.nextLong(1L << 40),
                            random.nextBoolean() ? "ZZ" : "DE",
                            random.nextInt(300),
                            isIdentified ? random.nextLong() : 0,
                            isIdentified ? random.nextLong() : 0,
                            random.nextBoolean());

            assertThat(read(written(request))).isEqualTo(request);
        }
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        assertThatIOException()
                .isThrownBy(() -> read(new byte[] {3}))
                .withMessageContaining("format 3");
    }

    @Test
    void bringsTheKeysOfViews() throws IOException {
        HttpRequest request = new HttpRequest(7, 1_000, 200, null, -1, 0, "BR");

        assertThat(read(written(request.countedUnder(new byte[] {1, 2, 3}))).viewKeys())
                .containsExactly(1, 2, 3);
        assertThat(read(written(request)).viewKeys()).isNull();
    }

    private static byte[] written(HttpRequest request) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        HttpRequestSerializer.INSTANCE.serialize(request, out);
        return out.getCopyOfBuffer();
    }

    private static HttpRequest read(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        HttpRequest request = HttpRequestSerializer.INSTANCE.deserialize(in);
        assertThat(in.available()).isZero();
        return request;
    }
}
