package io.weir.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.sketch.VisitorHash;
import java.net.InetAddress;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

    /** From RFC 5952 where it has them, otherwise as Python's ipaddress writes them. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
        "2001:db8:aaaa:bbbb:cccc:dddd:0:1, 2001:db8:aaaa:bbbb:cccc:dddd:0:1",
        "2001:db8:aaaa:bbbb:cccc:dddd::1, 2001:db8:aaaa:bbbb:cccc:dddd:0:1",
        "2001:db8::aaaa:0:0:1, 2001:db8::aaaa:0:0:1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:192.0.2.33, 1:2:3:4:5:6:c000:221",
        "[2001:db8::1], 2001:db8::1",
        "[2001:DB8::1]:443, 2001:db8::1",
        "[::ffff:192.0.2.1]:443, 192.0.2.1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:201, 192.0.2.1",
        "0:0:0:0:0:ffff:255.255.255.255, 255.255.255.255",
        "fe80::A1%enp0s8, fe80::a1%enp0s8",
        "[fe80::a1%eTh0]:80, fe80::a1%eTh0",
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1:65535, 192.0.2.1",
        "010.0.0.1, 010.0.0.1"
    })
    void writesAnAddressInOneWay(String spelling, String canonical) {
        assertThat(canonical(spelling)).isEqualTo(canonical);
        assertThat(canonical(canonical)).isEqualTo(canonical);
        assertThat(hash(spelling)).isEqualTo(VisitorHash.hashText(canonical));
        assertThat(hash(canonical)).isEqualTo(VisitorHash.hashText(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "-",
                "%",
                "::%",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.0004",
                "1.2..3",
                ".1.2.3",
                "1.2.3.",
                "1.2.3.4:",
                "1.2.3.4:x",
                "1.2.3.4:123456",
                "1.2.3.4/32",
                "[",
                "[]",
                "[:",
                "[::",
                "[::]80",
                "[::]:",
                "[1.2.3.4]:80",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1::2::3",
                "1:::2",
                ":1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "::1.2.3",
                "12345::",
                "g::",
                "2001:db8::/32",
                "foo.example.net",
                "foo.example.net:80"
            })
    void leavesWhatIsNoAddress(String text) {
        assertThat(canonical(text)).isNull();
        assertThat(hash(text)).isEqualTo(VisitorHash.hashText(text));
    }

    /** Java's own parser reads them back as the same address. */
    @Test
    void keepsTheAddress() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] address = new byte[16];
            for (int group = 0; group < 8; group++) {
                int value =
                        random.nextBoolean() ? 0 : random.nextInt(1 << (1 + random.nextInt(16)));
                address[2 * group] = (byte) (value >> 8);
                address[2 * group + 1] = (byte) value;
            }
            InetAddress expected = InetAddress.getByAddress(address);
            String canonical = canonical(expected.getHostAddress());
            assertThat(InetAddress.getByName(canonical)).isEqualTo(expected);
            assertThat(hash(expected.getHostAddress())).isEqualTo(hash(String.valueOf(canonical)));
        }
    }

    private static long hash(String text) {
        return ClientAddress.hash(text.getBytes(ISO_8859_1), 0, text.length());
    }

    private static @Nullable String canonical(String text) {
        String around = "::" + text + "::";
        return ClientAddress.canonical(around.getBytes(ISO_8859_1), 2, 2 + text.length());
    }
}
