package io.weir.tools.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostSitesTest {

    @ParameterizedTest
    @CsvSource({
        "www.example.com, www.example.com",
        "WWW.Example.COM., www.example.com",
        "b\u00fccher.example, xn--bcher-kva.example",
        "B\u00dcCHER.example, xn--bcher-kva.example",
        "localhost, localhost",
        "203.0.113.9, 203.0.113.9"
    })
    void aHostIsKnownByItsDomain(String host, String domain) {
        HostSites sites = new HostSites(1);

        assertThat(sites.siteOf(host)).isEqualTo(1);
        assertThat(sites.byDomain().keySet()).containsExactly(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "-",
                "2001:db8::9",
                "a_b.example",
                "a..b",
                "-a.example",
                "a b",
                "a\u0000b"
            })
    void whatIsNoDomainIsNoSite(String host) {
        HostSites sites = new HostSites(1);

        assertThat(sites.siteOf(host)).isNull();
        assertThat(HostSites.isDomain(host)).isFalse();
        assertThat(sites.byDomain()).isEmpty();
    }

    @Test
    void thereAreAtMostTenThousandAndThoseStayKnown() {
        HostSites sites = new HostSites(5);
        for (int i = 0; i < 10_000; i++) {
            assertThat(sites.siteOf("h" + i + ".example")).isEqualTo(5 + i);
        }

        assertThat(sites.siteOf("one-more.example")).isNull();
        assertThat(sites.siteOf("H0.example")).isEqualTo(5);
        assertThat(sites.siteOf("h9999.EXAMPLE")).isEqualTo(10_004);
        assertThat(sites.byDomain()).hasSize(10_000);
    }
}
