package io.weir.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestIdentityTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY = HEX.parseHex("000102030405060708090a0b0c0d0e0f");

    /** OpenSSL's: {@code openssl mac -macopt hexkey:KEY -macopt size:16 -in FILE SIPHASH}. */
    @ParameterizedTest
    @CsvSource({
        "0001020304050607, '', 3b62a9ba6258f5610f83e264f31497b4",
        "0001020304050607, 08090a0b0c0d0e0f10, 473d06e8738db89854c066c47ae47740",
    })
    void hashesAsOpenSslDoes(String number, String text, String expected) {
        byte[] bytes = HEX.parseHex(text);

        RequestIdentity.Id id =
                new SipHash128(KEY)
                        .of(
                                Long.reverseBytes(HexFormat.fromHexDigitsToLong(number)),
                                bytes,
                                0,
                                bytes.length);

        assertThat(hex(id.low()) + hex(id.high())).isEqualTo(expected);
    }

    private static String hex(long littleEndian) {
        return HEX.toHexDigits(Long.reverseBytes(littleEndian));
    }

    @Test
    void copiesHaveTheSameIdentityAndOthersAnother(@TempDir Path folder) throws IOException {
        RequestIdentity identity = new RequestIdentity(null, true);
        HttpRequest request = request(identity, 7, "a-1", List.of());

        assertThat(request.isIdentified()).isTrue();
        assertThat(ids(request(identity, 7, "\\u0061-1", letter(9)))).isEqualTo(ids(request));
        assertThat(ids(request(identity, 8, "a-1", List.of()))).isNotEqualTo(ids(request));
        assertThat(ids(request(identity, 7, "a-2", List.of()))).isNotEqualTo(ids(request));
        assertThat(
                        ids(
                                request(
                                        new RequestIdentity(key(folder, HEX.formatHex(KEY)), true),
                                        7,
                                        "a-1",
                                        List.of())))
                .isNotEqualTo(ids(request));
    }

    @Test
    void aLetterWithoutRequestIdIsTheRecordThatItWasMadeOf() {
        RequestIdentity identity = new RequestIdentity(null, true);
        HttpRequest letter = request(identity, 7, null, letter(9));

        assertThat(letter.isIdentified()).isTrue();
        assertThat(ids(request(identity, 7, null, letter(9)))).isEqualTo(ids(letter));
        assertThat(ids(request(identity, 7, null, letter(10)))).isNotEqualTo(ids(letter));
        List<KafkaHeader> forged = new ArrayList<>(letter(10));
        forged.addAll(letter(9));
        assertThat(ids(request(identity, 7, null, forged))).isEqualTo(ids(letter));
        assertThat(request(identity, 7, null, List.of()).isIdentified()).isFalse();
        assertThat(request(identity, 7, "", List.of()).isIdentified()).isFalse();
    }

    /** Or a request of that site could be taken for a letter. */
    @Test
    void siteZeroIsNoLetter() {
        RequestIdentity identity = new RequestIdentity(null, true);
        HttpRequest letter = request(identity, 7, null, letter(9));

        assertThat(ids(request(identity, 0, "t/3/9", List.of()))).isNotEqualTo(ids(letter));
    }

    @Test
    void onlyLettersHaveAnIdentityWhereRequestIdsDoNotCount() {
        RequestIdentity identity = new RequestIdentity(null, false);

        assertThat(request(identity, 7, "a-1", List.of()).isIdentified()).isFalse();
        assertThat(ids(request(identity, 7, "a-1", letter(9))))
                .isEqualTo(ids(request(identity, 7, "a-2", letter(9))))
                .isNotEqualTo(ids(request(identity, 7, "a-1", letter(10))));
    }

    @Test
    void nothingHasAnIdentityWithoutOne() {
        assertThat(request(null, 7, "a-1", letter(9)).isIdentified()).isFalse();
    }

    @Test
    void refusesAKeyOfAnotherLength(@TempDir Path folder) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(folder, "00".repeat(15)))
                .withMessageContaining("32 hex digits");
    }

    /** As a TaskManager makes it, whose file may not be the one of the submission. */
    @Test
    void theKeyIsReadWhereTheIdentityIsUsedAndMustBeTheSame(@TempDir Path folder) throws Exception {
        RequestIdentity submitted = new RequestIdentity(key(folder, HEX.formatHex(KEY)), true);
        byte[] travelling = InstantiationUtil.serializeObject(submitted);

        assertThat(ids(request(copy(travelling), 7, "a-1", List.of())))
                .isEqualTo(ids(request(submitted, 7, "a-1", List.of())));

        Files.writeString(folder.resolve("key"), "ff".repeat(16));
        assertThatThrownBy(() -> request(copy(travelling), 7, "a-1", List.of()))
                .hasMessageContaining("another key than where the job was submitted")
                .hasMessageNotContaining("ffff");
        Files.delete(folder.resolve("key"));
        assertThatThrownBy(() -> request(copy(travelling), 7, "a-1", List.of()))
                .hasMessageContaining("deduplicate.hash-key-file: cannot read")
                .hasMessageContaining("on each TaskManager");
    }

    private static RequestIdentity copy(byte[] serialized) throws Exception {
        return InstantiationUtil.deserializeObject(
                serialized, RequestIdentityTest.class.getClassLoader());
    }

    private static HashKey key(Path folder, String digits) throws IOException {
        return HashKey.inFile(Files.writeString(folder.resolve("key"), digits));
    }

    private static List<Long> ids(HttpRequest request) {
        return List.of(request.idHigh(), request.idLow());
    }

    private static List<KafkaHeader> letter(long offset) {
        return List.of(
                new KafkaHeader("weir.topic", "t".getBytes(UTF_8)),
                new KafkaHeader("weir.partition", "3".getBytes(UTF_8)),
                new KafkaHeader("weir.offset", Long.toString(offset).getBytes(UTF_8)));
    }

    private static HttpRequest request(
            @Nullable RequestIdentity identity,
            int siteId,
            @Nullable String requestId,
            List<KafkaHeader> headers) {
        String json =
                "{\"site_id\":%d,\"event_time\":1000,\"status_code\":200%s}"
                        .formatted(
                                siteId,
                                requestId == null ? "" : ",\"request_id\":\"" + requestId + '"');
        return new RequestDecoder(Duration.ZERO, null, identity)
                .decode(new KafkaRecord("t", 0, 0, 1000, null, json.getBytes(UTF_8), headers))
                .requireRequest();
    }
}
