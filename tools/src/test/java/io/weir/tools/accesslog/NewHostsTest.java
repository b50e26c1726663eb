package io.weir.tools.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewHostsTest {

    private final NewHosts hosts = new NewHosts();
    private final Map<String, Integer> byDomain = new LinkedHashMap<>();

    @Test
    void namesTheFirstAndThenCountsNowAndThen() {
        assertThat(hosts.in(byDomain)).isEmpty();
        add(1);
        assertThat(hosts.in(byDomain))
                .containsExactly("site 7 is h0.example", "1 host is a site; at most 10,000 can be");
        add(19);
        assertThat(hosts.in(byDomain))
                .hasSize(20)
                .startsWith("site 8 is h1.example")
                .endsWith("site 26 is h19.example", "20 hosts are sites; at most 10,000 can be");
        add(19);
        assertThat(hosts.in(byDomain)).isEmpty();
        assertThat(hosts.in(byDomain)).isEmpty();
        add(1);
        assertThat(hosts.in(byDomain)).containsExactly("40 hosts are sites; at most 10,000 can be");
    }

    @Test
    void saysOnceThatNoMoreCanBe() {
        add(9_999);
        assertThat(hosts.in(byDomain)).endsWith("9,999 hosts are sites; at most 10,000 can be");
        add(1);
        assertThat(hosts.in(byDomain))
                .containsExactly(
                        "10,000 hosts are sites, which is the limit: lines with any other host are"
                                + " rejected (too many hosts)");
        assertThat(hosts.in(byDomain)).isEmpty();
    }

    private void add(int more) {
        for (int i = 0; i < more; i++) {
            byDomain.put("h" + byDomain.size() + ".example", 7 + byDomain.size());
        }
    }
}
