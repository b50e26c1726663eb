package io.weir.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HostTable.Version;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTableTest {

    @ParameterizedTest
    @CsvSource({
        "shop.example, shop.example",
        "SHOP.Example, shop.example",
        "shop.example., shop.example",
        "shop.example:8443, shop.example",
        "Shop.Example.:80, shop.example",
        "bücher.example, xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "198.51.100.7:8080, 198.51.100.7",
        "localhost, localhost"
    })
    void aHostIsFoundHoweverItIsWritten(String host, String domain) {
        HostTable table = new HostTable(List.of(new Version(1, domain, 5, 0)));

        assertThat(table.siteOf(host, 0)).isEqualTo(5);
        assertThat(table.siteOf(host, 0)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a b",
                "shop.example..",
                "-.example",
                "[2001:db8::1]",
                "a_b",
                "straße.example"
            })
    void whatIsNoDomainBelongsToNoSite(String host) {
        assertThat(HostName.domainOf(host)).isNull();
        assertThat(new HostTable(List.of()).siteOf(host, 0)).isEqualTo(KnownHosts.NO_SITE);
    }

    /**
     * Site 5 from 1000 to 1999, none to 2999, then site 0; at 4000 two versions, the later holds.
     */
    @ParameterizedTest
    @CsvSource({
        "-9223372036854775808, -1",
        "999, -1",
        "1000, 5",
        "1999, 5",
        "2000, -1",
        "2999, -1",
        "3000, 0",
        "4000, 9",
        "9223372036854775807, 9"
    })
    void aVersionHoldsFromItsInstantUntilTheNext(long atMillis, int site) {
        HostTable table =
                new HostTable(
                        List.of(
                                new Version(6, "a.example", 9, 4000),
                                new Version(1, "a.example", 5, 1000),
                                new Version(3, "a.example", 0, 3000),
                                new Version(2, "a.example", KnownHosts.NO_SITE, 2000),
                                new Version(5, "a.example", 8, 4000),
                                new Version(4, "b.example", 7, 0)));

        assertThat(table.siteOf("a.example", atMillis)).isEqualTo(site);
        assertThat(table.siteOf("b.example", 5000)).isEqualTo(7);
    }

    @Test
    void whatHoldsForEverHoldsBeforeTheFirstTimestamp() {
        HostTable table = new HostTable(List.of(new Version(1, "a.example", 5, Long.MIN_VALUE)));

        assertThat(table.siteOf("a.example", -1)).isEqualTo(5);
    }
}
