package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alibaba.fastjson2.JSON;
import org.junit.jupiter.api.Test;

class JsonBufferTest {

    private final JsonBuffer json = new JsonBuffer();

    @Test
    void escapesWhatJsonDoesNotAllowInText() {
        assertThat(written(json.text("a\"b\\c/\u0000\n\u001f\u007f")))
                .isEqualTo("\"a\\\"b\\\\c/\\u0000\\u000a\\u001f\u007f\"");
    }

    @Test
    void writesAllOfLatin1AsAReaderOfJsonGetsIt() {
        StringBuilder latin1 = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            latin1.append(c);
        }
        String text = latin1.toString().repeat(5);
        assertThat(JSON.parse(json.text(text).toBytes())).isEqualTo(text);
    }

    @Test
    void writesNumbersLikeJava() {
        for (long number :
                new long[] {0, 9, 10, 99, 100, -1, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(written(json.clear().number(number))).isEqualTo(Long.toString(number));
        }
    }

    @Test
    void padsNumbersWithZeros() {
        assertThat(written(json.padded(7, 3).raw('.').padded(1234, 2))).isEqualTo("007.34");
    }

    @Test
    void writesHexadecimalDigitsOfAllBits() {
        assertThat(written(json.hex(-2).hex(0xABC))).isEqualTo("fffffffffffffffe0000000000000abc");
    }

    private static String written(JsonBuffer json) {
        return new String(json.toBytes(), UTF_8);
    }
}
