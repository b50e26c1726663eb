package io.weir.request;

import static io.weir.request.EventText.ARRIVAL;
import static io.weir.request.EventText.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CountryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events that name their host instead of their site, and clients whose country is looked up. */
class RequestWithHostTest {

    private static final long AT = ARRIVAL.toEpochMilli();

    /** shop.example is site 5 until the arrival of the tests' records, and site 6 from then on. */
    private static final KnownHosts HOSTS =
            (host, atMillis) -> {
                if (!host.equals("shop.example")) {
                    return KnownHosts.NO_SITE;
                }
                return atMillis < AT ? 5 : 6;
            };

    private final RequestDecoder decoder = decoder(null);

    @Test
    void theHostSaysTheSite() {
        DecodedRecord decoded = decode(withHost("\"shop.example\""));

        assertThat(decoded.requireRequest().siteId()).isEqualTo(6);
        assertThat(decoded.requireRequest())
                .isEqualTo(decode(event().with("site_id", "6")).requireRequest());
    }

    @Test
    void whereBothAreGivenTheSiteCounts() {
        EventText both = event().with("site_id", "0").with("host", "\"shop.example\"");

        assertThat(decode(both).requireRequest().siteId()).isZero();
        assertThat(decode(event().with("host", "17")).requireRequest().siteId()).isEqualTo(7);
    }

    @Test
    void anUnknownHostIsRejectedByName() {
        assertThat(rejection(withHost("\"no\\u001b.example\"")))
                .isEqualTo(
                        new Rejection(
                                RejectReason.UNKNOWN_HOST,
                                "host is \"no\\u001b.example\": it belongs to no site for requests"
                                        + " that arrived at 2026-03-01T10:00:01Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "17, WRONG_TYPE, host is 17",
        "null, MISSING_FIELD, site_id is missing",
        "'\"\"', MISSING_FIELD, site_id is missing"
    })
    void aHostIsText(String host, RejectReason reason, String message) {
        Rejection rejection = rejection(withHost(host));

        assertThat(rejection.reason()).isEqualTo(reason);
        assertThat(rejection.message()).startsWith(message);
    }

    @Test
    void aHostHasAtMost255Bytes() {
        assertThat(rejection(withHost('"' + "a".repeat(255) + '"')).reason())
                .isEqualTo(RejectReason.UNKNOWN_HOST);
        assertThat(rejection(withHost('"' + "a".repeat(256) + '"')).reason())
                .isEqualTo(RejectReason.OUT_OF_RANGE);
    }

    /** A late request was resolved when it arrived first, and a replay resolves it anew. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, 6", "-1, -, 5", "0, -, 6", "-1, 0, 6", "0, -1, 5"})
    void lettersAreResolvedByTheTimeOfTheirRecordAndReplaysByTheirOwn(
            @Nullable Long ofLetter, @Nullable Long replayed, int site) {
        List<KafkaHeader> headers = new ArrayList<>();
        if (replayed != null) {
            headers.add(header("weir.replayed-from", "http_requests-3-17"));
            headers.add(header("weir.hosts-as-of", Long.toString(AT + replayed)));
        }
        if (ofLetter != null) {
            headers.add(header("weir.topic", "http_requests"));
            headers.add(header("weir.timestamp", Long.toString(AT + ofLetter)));
        }

        assertThat(decode(withHost("\"shop.example\""), decoder, headers).requireRequest().siteId())
                .isEqualTo(site);
    }

    @Test
    void whatIsNoNumberInTheHeaderIsNoTime() {
        for (String text : List.of("", "-5", "x", "9".repeat(19))) {
            assertThat(
                            decode(
                                            withHost("\"shop.example\""),
                                            decoder,
                                            List.of(
                                                    header("weir.replayed-from", "t-0-1"),
                                                    header("weir.hosts-as-of", text)))
                                    .requireRequest()
                                    .siteId())
                    .isEqualTo(6);
        }
    }

    @Test
    void aSenderOfItsOwnHeadersDoesNotChooseTheTime() {
        List<KafkaHeader> forged =
                List.of(header("weir.hosts-as-of", "5"), header("weir.timestamp", "5"));

        assertThat(decode(withHost("\"shop.example\""), decoder, forged).requireRequest().siteId())
                .isEqualTo(6);
    }

    @Test
    void theCountryOfAClientIsLookedUpWhereTheEventHasNone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("countries.mmdb");
        Files.write(
                file,
                CountryFile.of(
                        Map.of(
                                "203.0.113.0/24", Map.of("country", Map.of("iso_code", "NZ")),
                                "2001:db8::/32", Map.of("country_code", "PE"),
                                "198.51.100.0/24", Map.of("country_code", "??"))));
        RequestDecoder looking =
                InstantiationUtil.clone(decoder(new ClientCountries(file))); // as to a TaskManager

        for (int times = 0; times < 2; times++) { // looked up, and remembered
            assertThat(countryOf(looking, event().without("request_country"))).isEqualTo("NZ");
            assertThat(countryOf(looking, event().with("request_country", "\"\""))).isEqualTo("NZ");
            assertThat(countryOf(looking, event())).isEqualTo("BR");
            assertThat(countryOf(looking, event().with("request_country", "\"??\"")))
                    .isEqualTo("ZZ");
            assertThat(countryOf(looking, from("\"[2001:DB8::1]:443\""))).isEqualTo("PE");
            assertThat(countryOf(looking, from("\"198.51.100.1\""))).isEqualTo("ZZ");
            assertThat(countryOf(looking, from("\"192.0.2.1\""))).isEqualTo("ZZ");
            assertThat(countryOf(looking, from("\"client.example\""))).isEqualTo("ZZ");
            assertThat(countryOf(looking, from("null"))).isEqualTo("ZZ");
        }
        assertThat(countryOf(decoder, event().without("request_country"))).isEqualTo("ZZ");
    }

    @Test
    void aLetterWithoutAddressesSaysTheCountry(@TempDir Path folder) throws Exception {
        EventText hidden = from("\"#0123456789abcdef\"");
        List<KafkaHeader> headers = List.of(header("weir.addresses-hidden", "true"));
        List<KafkaHeader> known =
                List.of(header("weir.addresses-hidden", "true"), header("weir.country", "NZ"));

        assertThat(decode(hidden, decoder, known).requireRequest().country()).isEqualTo("NZ");
        assertThat(decode(hidden, decoder, headers).requireRequest().country()).isEqualTo("ZZ");
        assertThat(decode(from("\"203.0.113.9\""), decoder, known).requireRequest().country())
                .isEqualTo("ZZ");
    }

    private static EventText from(String address) {
        return event().without("request_country").with("ip_address", address);
    }

    private static String countryOf(RequestDecoder decoder, EventText event) {
        return decode(event, decoder, List.of()).requireRequest().country();
    }

    private static RequestDecoder decoder(@Nullable ClientCountries countries) {
        return new RequestDecoder(Duration.ofMinutes(5), null, null, HOSTS, countries);
    }

    private static EventText withHost(String json) {
        return event().without("site_id").with("host", json);
    }

    private DecodedRecord decode(EventText event) {
        return decode(event, decoder, List.of());
    }

    private Rejection rejection(EventText event) {
        return Objects.requireNonNull(decode(event).rejection());
    }

    private static DecodedRecord decode(
            EventText event, RequestDecoder decoder, List<KafkaHeader> headers) {
        return decoder.decode(
                new KafkaRecord(
                        "http_requests",
                        3,
                        42,
                        AT,
                        null,
                        event.toString().getBytes(UTF_8),
                        headers));
    }

    private static KafkaHeader header(String key, String value) {
        return new KafkaHeader(key, value.getBytes(UTF_8));
    }
}
