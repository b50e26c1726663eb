package io.weir.tools.cli;

import io.weir.tools.accesslog.ChosenFormat;
import io.weir.tools.accesslog.FormatString;
import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.LogFormatChoice;
import io.weir.tools.accesslog.ResponseTimeRule;
import io.weir.tools.accesslog.SiteBy;
import io.weir.tools.connect.CommandException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the lines of access logs are read. */
final class LineOptions {

    /** What is read of a line, and what is not. */
    static final String READ =
            "Of a line, client, time, URL, status, size and response time are read. A host in"
                    + " front can choose the site (--site-by); a prefix of syslog, docker or kubectl"
                    + " is known and left out. User,"
                    + " method, referer and agent are not read. What is no request is rejected with"
                    + " a reason (docs/access-logs.md)";

    @Option(
            names = "--log-format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description = {
                "The format of the lines (default: ${DEFAULT-VALUE}).",
                "auto: of each file that of its first line that is a request in any of these",
                "common, combined: Apache's and nginx's; what stands first is the client",
                "vhost: the same with the server's host in front",
                "json: lines of Caddy, Traefik, nginx, Cloudflare or Fastly",
                "w3c: W3C extended, as of IIS",
                "alb: AWS Application Load Balancer",
                "cloudfront: CloudFront's standard log, with #Fields or without",
                "'...%%h...' or '...$remote_addr...': as the configuration has it, Apache's"
                        + " LogFormat or nginx's log_format; what of it is read is said"
            })
    private String format = "auto";

    @Option(
            names = "--response-time",
            defaultValue = "auto",
            paramLabel = "WHERE",
            description = {
                "Where a line has its response time (default: ${DEFAULT-VALUE}).",
                "auto: a number between time and request (%%D, microseconds); after the size rt=,"
                        + " request_time= and the like, 12ms, %%T/%%D, and numbers with three"
                        + " decimals (seconds). A whole number at the end is not read, for it may"
                        + " be anything; what was read is said.",
                "last:us, last:ms, last:s: such a number is a time in this unit. off: none is read"
            })
    private String responseTime = "auto";

    @Option(
            names = "--site-by",
            defaultValue = "file",
            paramLabel = "WHAT",
            description = {
                "What is a site (default: ${DEFAULT-VALUE}).",
                "file: each log; its rotated parts are one",
                "host: each host that lines name (vhost_combined, JSON, W3C, alb, cloudfront, and a"
                        + " format string with a host, such as %%v or $host), numbered from --site-id"
                        + " on in the order of their first requests, at most 10,000. An IP address"
                        + " as a host is a site too"
            })
    private String siteBy = "file";

    @Option(
            names = "--country-db",
            paramLabel = "FILE",
            description =
                    "A database of addresses in MaxMind's format (.mmdb), such as GeoLite2 Country:"
                            + " gives requests the countries of their clients")
    private @Nullable Path countries;

    LineRules rules() {
        return new LineRules(format(), responseTimes(), siteBy(), countries);
    }

    private ChosenFormat format() {
        for (LogFormatChoice choice : LogFormatChoice.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(format)) {
                return choice;
            }
        }
        if (!FormatString.is(format)) {
            throw CommandException.wrongUsage(
                    "--log-format: '%s' must be auto, common, combined, vhost, json, w3c, alb, cloudfront, or a LogFormat of Apache or a log_format of nginx, such as '%%h %%l %%u %%t \"%%r\" %%>s %%b'"
                            .formatted(format));
        }
        if (!responseTime.equals("auto") && !responseTime.equals("off")) {
            throw CommandException.wrongUsage(
                    "--response-time: '%s' is of no use when --log-format says where the response time is; auto and off are"
                            .formatted(responseTime));
        }
        try {
            return FormatString.of(format);
        } catch (IllegalArgumentException e) {
            throw CommandException.wrongUsage(
                    "--log-format: '%s' cannot be used: %s".formatted(format, e.getMessage()));
        }
    }

    private SiteBy siteBy() {
        return Arrays.stream(SiteBy.values())
                .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(siteBy))
                .findFirst()
                .orElseThrow(
                        () ->
                                CommandException.wrongUsage(
                                        "--site-by: '%s' must be file or host".formatted(siteBy)));
    }

    private ResponseTimeRule responseTimes() {
        return Arrays.stream(ResponseTimeRule.values())
                .filter(times -> times.toString().equals(responseTime))
                .findFirst()
                .orElseThrow(
                        () ->
                                CommandException.wrongUsage(
                                        "--response-time: '%s' must be auto, off, last:us, last:ms or last:s"
                                                .formatted(responseTime)));
    }
}
