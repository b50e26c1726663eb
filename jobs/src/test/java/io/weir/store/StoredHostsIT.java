package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.request.KnownHosts;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.util.InstantiationUtil;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredHostsIT {

    private static final long NOON = Instant.parse("2026-05-01T12:00:00Z").toEpochMilli();

    @TempDir static Path directory;
    private static TestStore store;

    @BeforeAll
    static void start() throws SQLException {
        store = TestStore.start(directory);
        store.execute("create role hosts_job login in role weir_writer");
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        store.execute("truncate weir.site, weir.site_host");
    }

    @Test
    void aSitesDomainAndItsOtherHostsAreItsHosts() throws Exception {
        store.query("select weir.add_site(7, 'example.com', '-infinity')");
        store.query("select weir.add_host(7, 'www.example.com', '2026-05-01 12:00:00.0005Z')");
        store.query("select weir.remove_host('www.example.com', '2026-05-01 12:01Z')");
        KnownHosts hosts = InstantiationUtil.clone(new StoredHosts(asJob()));

        assertThat(hosts.siteOf("example.com", Long.MIN_VALUE)).isEqualTo(7);
        assertThat(hosts.siteOf("www.example.com", NOON)).isEqualTo(KnownHosts.NO_SITE);
        assertThat(hosts.siteOf("www.example.com", NOON + 1)).isEqualTo(7);
        assertThat(hosts.siteOf("www.example.com", NOON + 59_999)).isEqualTo(7);
        assertThat(hosts.siteOf("www.example.com", NOON + 60_000)).isEqualTo(KnownHosts.NO_SITE);
        assertThat(hosts.siteOf("example.org", NOON)).isEqualTo(KnownHosts.NO_SITE);
    }

    /**
     * What is read now holds for what arrives now, and the next ten seconds; then it is read again.
     */
    @Test
    void aHostIsKnownWhenItsFirstRequestArrives() throws Exception {
        StoredHosts hosts = new StoredHosts(asJob());
        long now = System.currentTimeMillis();
        assertThat(hosts.siteOf("new.example", now)).isEqualTo(KnownHosts.NO_SITE);
        store.query("select weir.add_host(8, 'new.example')");

        assertThat(hosts.siteOf("new.example", now + 5_000)).isEqualTo(KnownHosts.NO_SITE);
        Awaitility.await("a request half a minute later is of the new site")
                .atMost(Duration.ofSeconds(20))
                .until(() -> hosts.siteOf("new.example", now + 40_000) == 8);
        assertThat(hosts.siteOf("new.example", now + 5_000)).isEqualTo(KnownHosts.NO_SITE);
    }

    @Test
    void whatIsReadAgainIsWhatItWas() throws Exception {
        store.query("select weir.add_host(8, 'a.example', '2026-05-01 12:00Z')");
        StoredHosts hosts = new StoredHosts(asJob());
        long future = System.currentTimeMillis() + 3_600_000;

        for (int times = 0; times < 3; times++) {
            assertThat(hosts.siteOf("a.example", future)).isEqualTo(8);
            assertThat(hosts.siteOf("a.example", NOON - 1)).isEqualTo(KnownHosts.NO_SITE);
        }
    }

    @Test
    void anUnreachableStoreIsAnErrorAndNotAnUnknownHost() {
        StoreOptions nowhere =
                TestStore.options(
                        "jdbc:postgresql://127.0.0.1:1/postgres", 1_000, Duration.ofMillis(200));

        assertThatThrownBy(() -> new StoredHosts(nowhere).siteOf("a.example", NOON))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(
                        "Reading the hosts of sites of jdbc:postgresql://127.0.0.1:1");
    }

    private static StoreOptions asJob() {
        return store.options().askedBy(store.url(), "hosts_job", null);
    }
}
