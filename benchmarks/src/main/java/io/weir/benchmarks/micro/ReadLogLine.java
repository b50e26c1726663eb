package io.weir.benchmarks.micro;

import io.weir.tools.accesslog.AccessLogParser;
import io.weir.tools.accesslog.FormatString;
import io.weir.tools.accesslog.LogFormat;
import io.weir.tools.accesslog.LogLine;
import io.weir.tools.accesslog.ResponseTimeRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What {@code replay-log} and the demo do with each line of an access log. */
@State(Scope.Thread)
public class ReadLogLine {

    private static final int LINES = 5_000;

    private static final String APACHE_FORMAT =
            "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D";
    private static final String NGINX_FORMAT =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\" $request_time";

    @Param({"combined", "vhost", "syslog", "timed", "apacheFormat", "nginxFormat"})
    public String format = "";

    private LogFormat parser = new AccessLogParser(ResponseTimeRule.AUTO);
    private List<byte[]> lines = List.of();
    private int next;

    @Setup
    public void make() {
        Random random = new Random(1);
        if (format.equals("apacheFormat")) {
            parser = FormatString.of(APACHE_FORMAT).open(ResponseTimeRule.AUTO);
        } else if (format.equals("nginxFormat")) {
            parser = FormatString.of(NGINX_FORMAT).open(ResponseTimeRule.AUTO);
        }
        lines = Stream.generate(() -> line(random)).limit(LINES).toList();
    }

    @Benchmark
    public LogLine readLine() {
        byte[] line = lines.get(next);
        next = next + 1 == lines.size() ? 0 : next + 1;
        return parser.parse(line);
    }

    private byte[] line(Random random) {
        String combined =
                String.format(
                        Locale.ROOT,
                        "203.0.113.%d - - [25/Oct/2026:12:%02d:%02d +0000] \"GET /products/%05d"
                                + " HTTP/1.1\" %d %d \"https://www.example.com/\" \"Mozilla/5.0 (X11;"
                                + " Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                                + " Chrome/130.0.0.0 Safari/537.36\"",
                        random.nextInt(256),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(100_000),
                        random.nextInt(10) == 0 ? 404 : 200,
                        random.nextInt(100_000));
        String line =
                switch (format) {
                    case "vhost" -> "www.example.com:443 " + combined;
                    case "syslog" -> "<190>Oct 25 12:00:00 web-1 nginx: " + combined;
                    case "apacheFormat" -> combined + " " + random.nextInt(1_000_000);
                    case "timed", "nginxFormat" ->
                            combined + String.format(Locale.ROOT, " %.3f", random.nextDouble());
                    default -> combined;
                };
        return line.getBytes(StandardCharsets.ISO_8859_1);
    }
}
