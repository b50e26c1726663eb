package io.weir.request;

import static io.weir.request.EventText.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Compares what the decoder takes for JSON with what Jackson's parser, which is strict by default,
 * takes for JSON, and what it takes for UTF-8 with the JDK's decoder.
 */
class StrictJsonTest {
    private static final List<String> ODD_VALUES =
            List.of(
                    // literals
                    "true",
                    "false",
                    "null",
                    "True",
                    "TRUE",
                    "nul",
                    "nulll",
                    "tru",
                    "truefalse",
                    "undefined",
                    "NaN",
                    "-NaN",
                    "Infinity",
                    "-Infinity",
                    "+Infinity",
                    "INF",
                    "none",
                    // numbers
                    "0",
                    "-0",
                    "0.0",
                    "-0.0",
                    "1",
                    "01",
                    "-01",
                    "00",
                    "0x10",
                    "1.",
                    ".5",
                    "-.5",
                    "+1",
                    "--1",
                    "-",
                    "+",
                    "1e",
                    "1e+",
                    "1e5",
                    "1E5",
                    "1e+05",
                    "1e-05",
                    "1e1.5",
                    "1.5.2",
                    "1.e5",
                    "1_000",
                    "1,000",
                    "1L",
                    "1D",
                    "1F",
                    "1B",
                    "1S",
                    "1n",
                    "0b1",
                    "0e0",
                    "1e999999999",
                    "-1e-999999999",
                    "1 2",
                    "- 1",
                    "1 .5",
                    "١",
                    "123456789012345678901234567890.123456789012345678901234567890",
                    // strings
                    "\"\"",
                    "\"a\"",
                    "'a'",
                    "`a`",
                    "a",
                    "\"a",
                    "a\"",
                    "\"a\"b\"",
                    "\"\"\"a\"\"\"",
                    "\"\\\"\"",
                    "\"\\\\\"",
                    "\"\\\\\\\"",
                    "\"\\/\\b\\f\\n\\r\\t\"",
                    "\"\\a\"",
                    "\"\\v\"",
                    "\"\\0\"",
                    "\"\\x41\"",
                    "\"\\'\"",
                    "\"\\ \"",
                    "\"\\u\"",
                    "\"\\u1\"",
                    "\"\\u12\"",
                    "\"\\u123\"",
                    "\"\\u1234\"",
                    "\"\\u12g4\"",
                    "\"\\U1234\"",
                    "\"\\uD83D\\uDE00\"",
                    "\"\\u{41}\"",
                    "\"\\",
                    "\"\\\"",
                    "\"\n\"",
                    "\"\t\"",
                    "\"\r\"",
                    "\"\0\"",
                    "\"\u001f\"",
                    "\"\u007f\"",
                    "\"\u0085\"",
                    "\"\u2028\"",
                    "\"\ufeff\"",
                    "\"é\"",
                    "\"\ud83d\ude00\"",
                    "“a”",
                    "\"a\" \"b\"",
                    "\"a\"\"b\"",
                    "\"a\"+\"b\"",
                    "x'AB'",
                    "x\"AB\"",
                    // arrays
                    "[]",
                    "[ ]",
                    "[1]",
                    "[1,2]",
                    "[1,]",
                    "[,1]",
                    "[,]",
                    "[1,,2]",
                    "[1 2]",
                    "[1;2]",
                    "[",
                    "]",
                    "[1",
                    "1]",
                    "[1}",
                    "[}",
                    "[[]",
                    "[]]",
                    "[[],[]]",
                    "[\"a\":1]",
                    "[1,[2,[3]]]",
                    "[true,false,null]",
                    "[1,2,...]",
                    "(1)",
                    "Set[1]",
                    "TreeSet[1]",
                    // objects
                    "{}",
                    "{ }",
                    "{\"a\":1}",
                    "{\"a\":1,}",
                    "{,\"a\":1}",
                    "{,}",
                    "{\"a\"}",
                    "{\"a\":}",
                    "{\"a\",1}",
                    "{\"a\" 1}",
                    "{\"a\"::1}",
                    "{:1}",
                    "{\"a\":1:2}",
                    "{\"a\":1 \"b\":2}",
                    "{\"a\":1;\"b\":2}",
                    "{\"a\":1,\"b\":2}",
                    "{\"a\":1,,\"b\":2}",
                    "{\"a\":1,\"a\":2}",
                    "{a:1}",
                    "{'a':1}",
                    "{1:1}",
                    "{null:1}",
                    "{true:1}",
                    "{[]:1}",
                    "{{}:1}",
                    "{\"\":1}",
                    "{",
                    "}",
                    "{\"a\":1",
                    "{\"a\":1]",
                    "{]",
                    "{\"a\"=1}",
                    "{\"a\"=>1}",
                    "{\"a\":{\"b\":{\"c\":[]}}}",
                    "{\"$ref\":\"$\"}",
                    "{\"@type\":\"java.lang.Class\"}",
                    "{\"a\n\":1}",
                    "{\"a\\q\":1}",
                    "{\"a\\u0062\":1}",
                    "{\"a\":[1,{\"b\":2},3]}",
                    // between the tokens
                    "",
                    " ",
                    "\t1\n",
                    " \r\n[ 1 , 2 ] ",
                    "\f1",
                    "\u000b1",
                    "\u00a01",
                    "\u20281",
                    "\u30001",
                    "\0",
                    "1\0",
                    "\u00011",
                    "1\u0001",
                    "/*c*/1",
                    "1/*c*/",
                    "//c\n1",
                    "1//c",
                    "#c\n1",
                    "1#c",
                    "<!--c-->1",
                    "1;",
                    "1,",
                    ",1",
                    "1 1",
                    "{} {}",
                    "{}{}",
                    "{}x",
                    "{}}",
                    "[]1",
                    "null null",
                    "new Date(1)",
                    "Date(1)",
                    "a(1)",
                    "a({})",
                    "/**/a({})",
                    ")]}'\n{}",
                    "while(1);{}",
                    "\u001e{}",
                    "{}\u001e",
                    "!1",
                    "$1",
                    "@1",
                    "%7B%7D",
                    "&quot;a&quot;",
                    "\\\"a\\\"",
                    "\\u0022a\\u0022",
                    "---\na: 1",
                    "a: 1",
                    "a=1",
                    "<a>1</a>",
                    "a,b\n1,2");

    private final RequestDecoder decoder = new RequestDecoder(Duration.ofDays(1), null);
    private final JsonFactory jackson = new JsonFactory();

    @Test
    void agreesWithJacksonOnOddTexts() {
        List<String> texts = new ArrayList<>();
        for (String odd : ODD_VALUES) {
            texts.add(odd);
            texts.add(event().with("unknown", odd).toString());
            texts.add(event().with("site_id", odd).toString());
            texts.add(event().with("event_time", odd).toString());
            texts.add(event().with("ip_address", odd).toString());
            texts.add(event().with("response_time_msec", odd).toString());
            texts.add(event().with("unknown", "[" + odd + "]").toString());
            texts.add(event().with("unknown", "{\"a\":" + odd + "}").toString());
            texts.add(event().followedBy(odd));
            texts.add(event().followedBy("," + odd + ":1"));
            texts.add(event().toString() + odd);
            texts.add(odd + event());
        }

        long valid = texts.stream().filter(text -> isJson(utf8(text))).count();
        assertThat(valid).as("valid ones of %s texts", texts.size()).isBetween(300L, 1000L);
        for (String text : texts) {
            assertAgreement(utf8(text));
        }
    }

    @Test
    void agreesWithJacksonOnEveryTextWithOneByteReplacedAddedOrTaken() {
        String small =
                "{\"a\":[-1.5e+2,true,{\"b\\u00e9\u00fc\\n\":null}],\"url\":\"\\\\x\ud83d\ude00\",\"c\":0 }";
        byte[] text = small.getBytes(StandardCharsets.UTF_8);

        for (int at = 0; at <= text.length; at++) {
            for (int b = 0; b < 256; b++) {
                assertAgreement(spliced(text, at, 0, (byte) b));
                if (at < text.length) {
                    assertAgreement(spliced(text, at, 1, (byte) b));
                }
            }
            if (at < text.length) {
                assertAgreement(spliced(text, at, 1));
            }
        }
    }

    @Test
    void agreesWithTheJdkOnWhatIsUtf8() {
        int[] edges = {
            0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed,
            0xef, 0xf0, 0xf4, 0xf5, 0xff
        };
        int[] fewerEdges = {0x41, 0x7f, 0x80, 0xbf, 0xc0};
        byte[] text = utf8(event().with("unknown", "\"\"").toString());

        for (int first = 0x80; first < 256; first++) {
            for (int second : edges) {
                for (int third : fewerEdges) {
                    for (int fourth : fewerEdges) {
                        byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) fourth};
                        assertThat(isDecoderJson(spliced(text, text.length - 2, 0, bytes)))
                                .as(() -> HexFormat.of().formatHex(bytes))
                                .isEqualTo(isUtf8(bytes));
                    }
                }
            }
        }
    }

    @Test
    void neverThrowsAndAlwaysDecidesTheSame() {
        Random random = new Random(20260301);
        byte[] valid =
                event().with("user_agent", "{\"a\":[1,\"\\u00fc\u00fc\"]}")
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
        int requests = 0;

        for (int i = 0; i < 200_000; i++) {
            KafkaRecord record = EventText.record(mutated(valid, random));
            DecodedRecord decoded = decoder.decode(record);
            requests += decoded.request() == null ? 0 : 1;
            // A fresh decoder has no scratch space that an earlier record could have spoilt.
            assertThat(new RequestDecoder(Duration.ofDays(1), null).decode(record))
                    .isEqualTo(decoded);
            if (i % 10 == 0) {
                assertAgreement(record.value());
            }
        }

        assertThat(requests).isBetween(20_000, 180_000);
    }

    private void assertAgreement(byte[] text) {
        if (startsWithByteOrderMark(text)) {
            assertThat(isDecoderJson(text)).isFalse();
            return;
        }
        assertThat(isDecoderJson(text))
                .as(() -> "JSON: <" + new String(text, StandardCharsets.UTF_8) + ">")
                .isEqualTo(isJson(text));
    }

    private boolean isDecoderJson(byte[] text) {
        Rejection rejection = decoder.decode(EventText.record(text)).rejection();
        return rejection == null || rejection.reason() != RejectReason.NOT_JSON;
    }

    private boolean isJson(byte[] text) {
        return isUtf8(text) && isJacksonJson(new String(text, StandardCharsets.UTF_8));
    }

    private boolean isJacksonJson(String text) {
        try (JsonParser parser = jackson.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean startsWithByteOrderMark(byte[] text) {
        return text.length >= 3
                && text[0] == (byte) 0xef
                && text[1] == (byte) 0xbb
                && text[2] == (byte) 0xbf;
    }

    private static byte[] mutated(byte[] valid, Random random) {
        byte[] text = valid;
        for (int mutation = random.nextInt(4); mutation >= 0; mutation--) {
            int at = random.nextInt(text.length + 1);
            int taken = Math.min(random.nextInt(3), text.length - at);
            byte[] added = new byte[random.nextInt(3)];
            for (int i = 0; i < added.length; i++) {
                added[i] =
                        random.nextInt(4) == 0
                                ? (byte) random.nextInt(256)
                                : valid[random.nextInt(valid.length)];
            }
            text = spliced(text, at, taken, added);
        }
        return text;
    }

    private static byte[] spliced(byte[] text, int at, int taken, byte... added) {
        byte[] result = Arrays.copyOf(text, text.length - taken + added.length);
        System.arraycopy(added, 0, result, at, added.length);
        System.arraycopy(text, at + taken, result, at + added.length, text.length - at - taken);
        return result;
    }
}
