package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in front of the time of a line; {@code ~} is a tab, none is null. */
class LineHeadTest {

    private static final String REST = "[05/Mar/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "198.51.100.1 - - | 198.51.100.1",
                "198.51.100.1 - frank | 198.51.100.1",
                "198.51.100.1 - john smith | 198.51.100.1",
                "198.51.100.1 ident frank | 198.51.100.1",
                "198.51.100.1 - | 198.51.100.1",
                "198.51.100.1 | 198.51.100.1",
                "198.51.100.1~-~~- | 198.51.100.1",
                "'  198.51.100.1 - -' | 198.51.100.1",
                "198.51.100.1 - [198.51.100.1] - - | 198.51.100.1",
                "198.51.100.1 - 10.0.0.1 - - | 198.51.100.1",
                "198.51.100.1 - - - | 198.51.100.1",
                "198.51.100.1:50001 - - | 198.51.100.1",
                "198.51.100.1:50001 - john smith | 198.51.100.1",
                "[2001:db8::1]:443 - - | 2001:db8::1",
                "[2001:DB8:0::1] - - | 2001:db8::1",
                "fe80::A1%eth0 - - | fe80::a1%eth0",
                "::ffff:198.51.100.1 - - | 198.51.100.1",
                "foo.example.com - - | foo.example.com",
                "foo.example.com - frank | foo.example.com",
                "foo.example.com - john smith | foo.example.com",
                "foo.example.com ident frank | foo.example.com",
                "foo.example.com. - - | foo.example.com.",
                "pc-7 - - | pc-7",
                "localhost - - | localhost",
                "- - - | none",
                "- - frank | none",
                "' - -' | none",
                "unknown - - | none",
                "_ - - | none",
                "unix: - - | none",
                "unix:/run/web.sock - - | none",
                "'unix:1, unknown - -' | none",
                "- 198.51.100.1 - - | 198.51.100.1",
            })
    void takesWhatStandsFirstForTheClientWhereItIsOne(String head, @Nullable String client) {
        assertThat(read(head)).isEqualTo(new LineHead(null, client, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.1, 10.0.0.7 - -",
                "198.51.100.1,10.0.0.7 - -",
                "198.51.100.1 , 10.0.0.7 - -",
                "198.51.100.1 ,10.0.0.7 - -",
                "198.51.100.1,  10.0.0.7,10.0.0.8 - -",
                "198.51.100.1:50001, [2001:db8::1]:443 - -",
                "unknown, 198.51.100.1 - -",
                "-, 198.51.100.1 - -",
                "198.51.100.1, unknown - -",
                "198.51.100.1, proxy.example.net - -",
                "'198.51.100.1, 10.0.0.7 203.0.113.9 - -'",
                "203.0.113.9 198.51.100.1, 10.0.0.7 - -",
                "\"198.51.100.1, 10.0.0.7\" - -",
                "\"198.51.100.1\" - -"
            })
    void takesTheFirstAddressOfAListForTheClient(String head) {
        assertThat(read(head)).isEqualTo(new LineHead(null, "198.51.100.1", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "www.example.com 198.51.100.1 - - | www.example.com | 198.51.100.1",
                "www.example.com:443 198.51.100.1 - - | www.example.com | 198.51.100.1",
                "www.example.com:443   198.51.100.1 - - | www.example.com | 198.51.100.1",
                "www.example.com:443 198.51.100.1 - john smith | www.example.com | 198.51.100.1",
                "www.example.com 198.51.100.1 - | www.example.com | 198.51.100.1",
                "www.example.com 198.51.100.1 | www.example.com | 198.51.100.1",
                "www.example.com 198.51.100.1, 10.0.0.7 - - | www.example.com | 198.51.100.1",
                "www.example.com [2001:DB8::1]:50001 - - | www.example.com | 2001:db8::1",
                "www.example.com foo.example.net - - | www.example.com | foo.example.net",
                "www.example.com:80 foo.example.net - - | www.example.com | foo.example.net",
                "www.example.com:80 pc-7 - john smith | www.example.com | pc-7",
                "www.example.com - - - | www.example.com | none",
                "www.example.com:80 - - - | www.example.com | none",
                "www.example.com:80 - - | www.example.com | none",
                "www.example.com:80 - frank | www.example.com | none",
                "localhost 127.0.0.1 - - | localhost | 127.0.0.1",
                "wiki:8080 10.0.0.1 - - | wiki | 10.0.0.1",
                "10.0.0.2:80 198.51.100.1 - - | 10.0.0.2 | 198.51.100.1",
                "[2001:db8::9]:443 2001:db8::1 - - | 2001:db8::9 | 2001:db8::1",
                "10.0.0.2:80 foo.example.net - - | 10.0.0.2 | foo.example.net",
                "10.0.0.2:80 - - - | 10.0.0.2 | none",
                "198.51.100.1 www.example.com - | www.example.com | 198.51.100.1",
                "198.51.100.1 www.example.com:8080 frank | www.example.com | 198.51.100.1",
                "b\u00c3\u00bccher.example:443 198.51.100.1 - - | b\u00fccher.example | 198.51.100.1",
                "b\u00fccher.example:443 198.51.100.1 - - | b\u00fccher.example | 198.51.100.1"
            })
    void knowsAHostInFrontByWhatFollows(String head, String host, @Nullable String client) {
        assertThat(read(head)).isEqualTo(new LineHead(host, client, null));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2 198.51.100.1 - -, 198.51.100.1",
        "198.51.100.1 10.0.0.2 - -, 198.51.100.1",
        "198.51.100.1 172.31.0.2 - -, 198.51.100.1",
        "fd00::1 2001:db8::1 - -, 2001:db8::1"
    })
    void takesThePublicOneOfTwoAddresses(String head, String client) {
        assertThat(read(head)).isEqualTo(new LineHead(null, client, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<190>Oct 25 12:00:00 host nginx: ",
                "<190>Oct 25 12:00:00 nginx: ",
                "<190>",
                "Oct  5 12:00:00 host nginx[123]: ",
                "Oct 25 12:00:00 10.0.0.1 nginx: ",
                "<190>1 2026-10-25T12:00:00Z host nginx 123 - - ",
                "<190>1 2026-10-25T12:00:00.003+02:00 host nginx - ID47 [a@1 b=\"]\"][c@1 d=\"\\\"]\"] ",
                "<190>1 - - - - - - \u00ef\u00bb\u00bf",
                "1 2026-10-25T12:00:00Z host nginx 123 - - ",
                "2026-10-25T12:00:00.123456+00:00 host nginx: ",
                "2026-10-25T12:00:00+0000 host nginx[123]: ",
                "web-1  | ",
                "project_web_1 | ",
                "[pod/web-5d4f/nginx] ",
                "2026-01-01T00:00:00.000000000Z stdout F ",
                "2026-01-01T00:00:00.000000000+02:00 stderr P ",
                "2026-01-01T00:00:00.000000000Z ",
                "web-1  | 2026-01-01T00:00:00.000000000Z ",
                "[pod/web-5d4f/nginx] 2026-01-01T00:00:00.000000000Z ",
                "web-1  | <190>Oct 25 12:00:00 host nginx: ",
                "\u001b[36mweb-1  |\u001b[0m ",
                "\u001b[38;5;208mweb-1  | \u001b[0m",
                "Oct 25 12:00:00.123456 host nginx[123]: ",
                "Sun 2026-10-25 12:00:00 UTC host nginx[123]: ",
                "1793016000.123456 host nginx[123]: ",
                "[ 1234.567890] host nginx[123]: "
            })
    void readsOnAfterAKnownPrefix(String prefix) {
        for (String client : new String[] {"198.51.100.1", "2001:db8::", "foo.example.com"}) {
            assertThat(read(prefix + client + " - -")).isEqualTo(new LineHead(null, client, null));
        }
        assertThat(read(prefix + "www.example.com:443 198.51.100.1 - -"))
                .isEqualTo(new LineHead("www.example.com", "198.51.100.1", null));
        assertThat(read(prefix + "- - -")).isEqualTo(new LineHead(null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12345 198.51.100.1 - - | UNKNOWN_PREFIX",
                "0.123 198.51.100.1 - - | UNKNOWN_PREFIX",
                "12ms 198.51.100.1 - - | UNKNOWN_PREFIX",
                "web1 198.51.100.1 - - | UNKNOWN_PREFIX",
                "[123] 198.51.100.1 - - | UNKNOWN_PREFIX",
                "0.123456 web-1 198.51.100.1 - - | UNKNOWN_PREFIX",
                "[1234.567890] 198.51.100.1 - - | UNKNOWN_PREFIX",
                "\u001b[31m 198.51.100.1 - - | UNKNOWN_PREFIX",
                "Sun 2026-10-25 12:00:00 UTC - - | UNKNOWN_PREFIX",
                "1793016000.123456 - - | NO_CLIENT",
                "Oct 25 12:00:00 host 198.51.100.1 - - | UNKNOWN_PREFIX",
                "2026-10-25 12:00:00 198.51.100.1 - - | UNKNOWN_PREFIX",
                "nginx info: 198.51.100.1 - - | UNKNOWN_PREFIX",
                "www.example.com - 198.51.100.1 - - | UNKNOWN_PREFIX",
                "www.example.com - 198.51.100.1 | UNKNOWN_PREFIX",
                "web nginx foo.example.com - - | UNKNOWN_PREFIX",
                "access.log:198.51.100.1 - - | NO_CLIENT",
                "12345 - - | NO_CLIENT",
                "0.123 - - | NO_CLIENT",
                "12ms - - | NO_CLIENT",
                "1.2.3.256 - - | NO_CLIENT",
                "foo.example.com | NO_CLIENT",
                "'' | NO_CLIENT",
                "foo..example.com - - | NO_CLIENT",
                "foo,bar - - | NO_CLIENT",
                "198.51.100.1 203.0.113.9 - - | TWO_ADDRESSES",
                "10.0.0.1 10.0.0.2 - - | TWO_ADDRESSES"
            })
    void countsNothingForAClientThatIsNone(String head, LineFault fault) {
        assertThat(read(head)).isEqualTo(new LineHead(null, null, fault));
    }

    private static LineHead read(String head) {
        String text = head.replace('~', '\t') + (head.isEmpty() ? "" : " ");
        byte[] line = (text + REST).getBytes(ISO_8859_1);
        return LineHead.of(LineText.of(line), text.length(), LineHead.First.EITHER);
    }
}
