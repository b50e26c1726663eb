package io.weir.tools.accesslog;

import static io.weir.tools.accesslog.ParsedLines.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Logs of AWS: of its load balancer and of CloudFront. */
class CloudLogsTest {

    private static final Instant CREATED = Instant.parse("2026-10-25T11:59:59.900Z");
    private static final Instant ANSWERED = Instant.parse("2026-10-25T12:00:00.123Z");

    private static final String ALB =
            "https 2026-10-25T12:00:00.123456Z app/web/50dc6c495c0c9188 192.0.2.1:50001 10.0.0.1:80"
                    + " 0.001 0.020 0.000 200 200 34 366 \"GET https://www.example.com:443/a?b=1 HTTP/1.1\""
                    + " \"curl \\\"7\\\" x\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2"
                    + " arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067"
                    + " \"Root=1-58337262-36d228ad5d99923122bbe354\" \"sni.example.com\" \"arn:aws:acm:x\" 0"
                    + " 2026-10-25T11:59:59.900000Z \"forward\" \"-\" \"-\" \"10.0.0.1:80\" \"200\" \"-\" \"-\"";

    private static final String FIELDS =
            "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status"
                    + " cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type"
                    + " x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for";
    private static final String CLOUDFRONT =
            "2026-10-25\t12:00:00\tLHR50-C1\t392\t192.0.2.1\tGET\td111.cloudfront.net\t/a\t304\t-\t"
                    + "Mozilla/5.0%20(X11)\tb=1\t-\tHit\tSOX4\twww.example.com\thttps\t23\t0.015\t-";

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "ALB"})
    void readsWhatTheLoadBalancerReceived(LogFormatChoice choice) {
        LogFormat format = choice.open(ResponseTimeRule.AUTO);
        assertThat(parse(format, ALB))
                .isEqualTo(
                        request(
                                "www.example.com",
                                "192.0.2.1",
                                CREATED,
                                "GET /a?b=1 HTTP/1.1",
                                200,
                                366L,
                                21_000));
        assertThat(format.name()).isEqualTo("AWS Application Load Balancer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1:50001|2001:db8::1:4433|2001:db8::1",
                "192.0.2.1:50001|[2001:DB8::1]:50001|2001:db8::1",
                "192.0.2.1:50001|2001:db8:0:0:0:0:0:1:50001|2001:db8::1"
            })
    void theLastGroupOfTheLoadBalancersClientIsThePort(
            String written, String instead, String client) {
        assertThat(alb(ALB.replace(written, instead)).client()).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource({"0.001, -1, 0.000", "-1, -1, -1", "0.001, 0.020, -1"})
    void minusOneIsNoResponseTime(String receiving, String answering, String sending) {
        String times = receiving + " " + answering + " " + sending;
        assertThat(alb(ALB.replace("0.001 0.020 0.000", times)).responseTime())
                .isEqualTo(ResponseTime.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "GET https://www.example.com:443/a?b=1 HTTP/1.1, www.example.com, GET /a?b=1 HTTP/1.1",
        "GET https://[2001:db8::9]:443/ HTTP/1.1, 2001:db8::9, GET / HTTP/1.1",
        "GET http://www.example.com:80 HTTP/1.1, www.example.com, GET / HTTP/1.1",
        "GET http://www.example.com?b HTTP/1.1, www.example.com, GET /?b HTTP/1.1",
        "- http://www.example.com:80- -, www.example.com, - / -",
        "- - -, sni.example.com, - - -",
        "GET /a?u=https://www.example.org/ HTTP/1.1, sni.example.com, GET /a?u=https://www.example.org/ HTTP/1.1"
    })
    void theHostIsThatOfTheUrlOrThatOfTls(String written, String host, String request) {
        ParsedLine line =
                alb(ALB.replace("GET https://www.example.com:443/a?b=1 HTTP/1.1", written));
        assertThat(line.request()).isEqualTo(request);
        assertThat(line.host()).isEqualTo(host);
    }

    @Test
    void olderLinesOfTheLoadBalancerEndEarlier() {
        String old = ALB.substring(0, ALB.indexOf(" \"sni.example.com"));
        assertThat(alb(old))
                .isEqualTo(
                        request(
                                "www.example.com",
                                "192.0.2.1",
                                ANSWERED,
                                "GET /a?b=1 HTTP/1.1",
                                200,
                                366L,
                                21_000));
    }

    @ParameterizedTest
    @CsvSource({
        "https 2026, tcp 2026, NOT_ALB",
        "0.000 200 200, 0.000 - -, NO_STATUS_FIELD",
        "0.000 200, 0.000 600, STATUS_OUT_OF_RANGE",
        "T11:59:59.900000Z, T24:59:59.900000Z, NO_TIME_FIELD",
        "192.0.2.1:50001, 1234, NO_CLIENT"
    })
    void rejectsOtherLinesOfTheLoadBalancerWithAReason(
            String written, String instead, LineFault fault) {
        LogFormat format = LogFormatChoice.ALB.open(ResponseTimeRule.AUTO);
        assertThat(parse(format, ALB.replace(written, instead)))
                .isEqualTo(new UnparsableLine(fault));
        assertThat(parse(format, ALB.substring(0, ALB.indexOf(" \"GET"))))
                .isEqualTo(new UnparsableLine(LineFault.NOT_ALB));
        assertThat(parse(format, " ")).isEqualTo(new UnparsableLine(LineFault.EMPTY));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "CLOUDFRONT", "W3C"})
    void readsCloudFrontsLinesByTheirFields(LogFormatChoice choice) {
        LogFormat format = choice.open(ResponseTimeRule.AUTO);
        assertThat(parse(format, "#Version: 1.0")).isEqualTo(new DirectiveLine());
        assertThat(parse(format, FIELDS)).isEqualTo(new DirectiveLine());
        assertThat(parse(format, CLOUDFRONT)).isEqualTo(ofCloudFront("192.0.2.1"));
        assertThat(format.name()).isEqualTo("CloudFront's standard log");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "CLOUDFRONT"})
    void readsCloudFrontsLinesWithoutTheirFields(LogFormatChoice choice) {
        LogFormat format = choice.open(ResponseTimeRule.AUTO);
        assertThat(parse(format, CLOUDFRONT)).isEqualTo(ofCloudFront("192.0.2.1"));
        String newer = CLOUDFRONT + "\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tHit\tHTTP/2.0\t-\t-\t4711";
        assertThat(parse(format, newer.replace("0.015\t-", "0.015\t203.0.113.9,%20198.51.100.1")))
                .isEqualTo(ofCloudFront("203.0.113.9"));
        assertThat(format.name()).isEqualTo("CloudFront's standard log");
    }

    @Test
    void rejectsOtherLinesOfCloudFrontWithAReason() {
        LogFormat format = LogFormatChoice.CLOUDFRONT.open(ResponseTimeRule.AUTO);
        assertThat(parse(format, CLOUDFRONT.replace('\t', ' ')))
                .isEqualTo(new UnparsableLine(LineFault.NOT_CLOUDFRONT));
        assertThat(parse(format, "2026-10-25\t12:00:00\tLHR50-C1\t392\t192.0.2.1"))
                .isEqualTo(new UnparsableLine(LineFault.NOT_CLOUDFRONT));
        assertThat(parse(format, CLOUDFRONT.replace("\t304\t", "\t000\t")))
                .isEqualTo(new UnparsableLine(LineFault.STATUS_OUT_OF_RANGE));
    }

    private static ParsedLine ofCloudFront(String client) {
        return request(
                "www.example.com",
                client,
                Instant.parse("2026-10-25T12:00:00Z"),
                "GET /a?b=1",
                304,
                392L,
                15_000);
    }

    private static ParsedLine alb(String line) {
        return (ParsedLine) parse(LogFormatChoice.ALB.open(ResponseTimeRule.AUTO), line);
    }

    private static LogLine parse(LogFormat format, String line) {
        return ParsedLines.withoutHeaders(format.parse(line.getBytes(UTF_8)));
    }
}
