package io.weir.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.agent.Agent.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** User agents as servers logged them, told by people. */
class AgentsTest {

    private final Agents agents = new Agents();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)|Googlebot|search",
                "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.6167.85 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)|Googlebot|search",
                "Googlebot-Image/1.0|Googlebot-Image|search",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36|bingbot|search",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)|GPTBot|ai_training",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)|ClaudeBot|ai_training",
                "CCBot/2.0 (https://commoncrawl.org/faq/)|CCBot|ai_training",
                "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)|Bytespider|ai_training",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot|ChatGPT-User|ai_search",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)|PerplexityBot|ai_search",
                "Mozilla/5.0 (compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot)|OAI-SearchBot|ai_search",
                "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)|UptimeRobot|monitoring",
                "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)|Pingdom|monitoring",
                "kube-probe/1.29|kube-probe|monitoring",
                "Feedfetcher-Google; (+http://www.google.com/feedfetcher.html; 3 subscribers)|Feedfetcher-Google|feed",
                "Tiny Tiny RSS/1.11 (http://tt-rss.org/)|Tiny Tiny RSS|feed",
                "curl/8.5.0|curl|tool",
                "Wget/1.21.2|Wget|tool",
                "python-requests/2.31.0|python-requests|tool",
                "Go-http-client/1.1|Go-http-client|tool",
                "okhttp/4.12.0|okhttp|tool",
                "Java/17.0.9|Java|tool",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36|HeadlessChrome|tool",
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)|facebookexternalhit|preview",
                "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)|AhrefsBot|seo",
                "Mozilla/5.0 zgrab/0.x|zgrab|scanner",
                "Mozilla/5.0 (compatible; BeetleBot; )|BeetleBot|other",
                "blogtop.us crawler - http://blogtop.us/|crawler|other",
                "Acme/3.1 (+https://example.net/acme)|Acme|other",
                "Mozilla/5.0 (compatible; Ezooms/1.0; help@moz.com)|Ezooms|other",
                "Mozilla/5.0 (compatible; +https://example.net/)|unnamed|other",
                "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; http://www.example.net)|unnamed|other",
                "http://example.net/who-we-are|unnamed|other",
                "reader (someone@example.org)|reader|other",
            })
    void namesBotsAndTheirPurposes(String userAgent, String bot, String purpose) {
        assertThat(agents.of(userAgent)).isEqualTo(new Agent(Kind.BOT, bot, purpose, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36|Chrome|desktop",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0|Edge|desktop",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0|Opera|desktop",
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0|Firefox|desktop",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15|Safari|desktop",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1|Safari|phone",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1|Chrome|phone",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148|Safari|phone",
                "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1|Safari|tablet",
                "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36|Samsung Internet|phone",
                "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36|Chrome|tablet",
                "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36|Chrome|phone",
                "Mozilla/5.0 (Linux; U; Android 2.3.5; en-us; HTC Vision Build/GRI40) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1|Android Browser|phone",
                "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/4.0 Chrome/85.0.4183.93 TV Safari/537.36|Samsung Internet|tv",
                "Mozilla/5.0 (PlayStation 4 11.00) AppleWebKit/605.1.15 (KHTML, like Gecko)|none|none",
                "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)|Internet Explorer|desktop",
                "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko|Internet Explorer|desktop",
                "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.16|Opera|desktop",
                "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119 Version/11.10|Opera|phone",
                "Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.6.13|Lynx|none",
            })
    void namesBrowsersAndWhatTheyRunOn(
            String userAgent, @Nullable String browser, @Nullable String device) {
        Agent told = agents.of(userAgent);

        assertThat(told)
                .isEqualTo(
                        browser == null
                                ? new Agent(Kind.UNKNOWN, null, null, null, null)
                                : new Agent(Kind.BROWSER, null, null, browser, device));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Mozilla/5.0",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
                "MyShop/5.2 (iPhone; iOS 17.5)",
                "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001)",
                "Ünïcode 浏览器",
                "\"",
                "bo",
            })
    void whatSaysNeitherIsUnknown(String userAgent) {
        assertThat(agents.of(userAgent).kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void noUserAgentIsUnknown() {
        assertThat(agents.of(null).kind()).isEqualTo(Kind.UNKNOWN);
    }

    /** The list has {@code ds9}, a telescope's program, and {@code RED/}. */
    @Test
    void findsNoShortTextWithinAWord() {
        String phone =
                "Mozilla/5.0 (Linux; Android 13; Pads9 PhoneRED/1) Chrome/126.0 Mobile Safari/537";

        assertThat(agents.of(phone)).isEqualTo(agents.of(phone.replace("Pads9", "Pad")));
        assertThat(agents.of(phone).browser()).isEqualTo("Chrome");
        assertThat(agents.of("ds9 8.5").bot()).isEqualTo("ds9");
    }

    @Test
    void tellsTheSameWhetherItRemembersOrNot() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 40_000; i++) {
                String bot = "Visitor" + i + "Bot";
                assertThat(agents.of(bot).bot()).isEqualTo(bot);
            }
        }
    }

    /** A regular expression for each bot takes milliseconds a user agent. */
    @Test
    @Timeout(value = 20, unit = SECONDS)
    void noUserAgentTakesLong() {
        String hostile = "Googlebot-".repeat(50) + "(".repeat(1_000);
        for (int i = 0; i < 20_000; i++) {
            agents.of(hostile.substring(1) + i);
        }
        assertThat(agents.of(hostile).bot()).isEqualTo("Googlebot");
    }

    @Test
    void everyTextOfTheListIsFoundByItself() throws IOException {
        List<String> lines;
        try (InputStream list = AgentsTest.class.getResourceAsStream("bots.tsv")) {
            lines =
                    new String(Objects.requireNonNull(list).readAllBytes(), US_ASCII)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .toList();
        }

        assertThat(lines).hasSizeGreaterThan(1_500);
        for (String line : lines) {
            String[] columns = line.split("\t", -1);
            Agent told = agents.of(columns[0].replaceAll("^\\^|\\$$", ""));
            assertThat(told.bot()).as(line).isEqualTo(columns[1]);
            assertThat(told.purpose()).as(line).isEqualTo(columns[2]);
        }
    }
}
