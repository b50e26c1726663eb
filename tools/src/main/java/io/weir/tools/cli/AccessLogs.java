package io.weir.tools.cli;

import io.weir.request.ShownText;
import io.weir.tools.accesslog.AccessLogRequests;
import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.NewHosts;
import io.weir.tools.accesslog.SiteBy;
import io.weir.tools.connect.CommandException;
import io.weir.tools.logfile.LogFile;
import io.weir.tools.logfile.NamedLogs;
import io.weir.tools.logfile.RotatedLog;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which sites access logs are of. Reads them, or says which one cannot be read. */
final class AccessLogs {

    /** What is read, for the help of commands. */
    static final String FILES =
            "Apache or nginx logs: files, folders (their logs) or - (standard input), plain or"
                    + " compressed by gzip, zstd, xz or bzip2 whatever their names. Rotated parts of"
                    + " a log (access.log.1, access.log-20260131.gz) are one site";

    private static final int MOST_NAMED = 4;
    private static final int SHOWN_CHARACTERS = 1_000;

    @Option(
            names = "--site-id",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "The first site: that of the first access log or host; each further one is the"
                            + " next site (default: ${DEFAULT-VALUE})")
    private int firstSiteId;

    @Mixin private LineOptions lines = new LineOptions();

    /**
     * Reads logs and says what is worth knowing of them.
     *
     * @throws IOException when one cannot be read; the message names it
     */
    AccessLogRequests read(List<String> named, PrintWriter out) throws IOException {
        LineRules rules = rules();
        List<Path> files = NamedLogs.of(named);
        List<RotatedLog> logs = RotatedLog.of(files);
        requireSites(rules, logs.size());
        if (files.contains(LogFile.STANDARD_INPUT)) {
            say("reading the standard input to its end", out);
        }
        for (int i = 0; i < logs.size(); i++) {
            if (rules.siteBy() == SiteBy.FILE
                    && (logs.size() > 1 || logs.get(i).parts().size() > 1)) {
                say(partsOf(logs.get(i), firstSiteId + i), out);
            }
        }
        AccessLogRequests requests = AccessLogRequests.of(files, firstSiteId, rules);
        try {
            if (!requests.hasRequests()) {
                requests.findings().formats().forEach(note -> say(note, out));
                requests.findings().faults().shown().forEach(fault -> say(fault, out));
            }
            requireRequests(requests, files);
            requests.notes().forEach(note -> say(note, out));
            new NewHosts().in(requests.domains()).forEach(host -> say(host, out));
            requests.findings().formats().forEach(note -> say(note, out));
            requests.findings().responseTimes().forEach(note -> say(note, out));
            return requests;
        } catch (IOException | RuntimeException e) {
            requests.close();
            throw e;
        }
    }

    /** How lines are read; what cannot be is refused before any file is looked at. */
    LineRules rules() {
        return lines.rules();
    }

    /** Each of so many logs, or each host, must have a site. */
    void requireSites(LineRules rules, int logs) {
        if (rules.siteBy() == SiteBy.HOST) {
            requireSites(SiteBy.MAX_HOSTS, "hosts");
        } else {
            requireSites(logs, "logs");
        }
    }

    int firstSiteId() {
        return firstSiteId;
    }

    /** {@code site 1 is access.log in 3 parts: access.log.2.gz, access.log.1, access.log}. */
    private static String partsOf(RotatedLog log, int siteId) {
        List<String> names =
                log.parts().stream().map(Path::getFileName).map(Path::toString).toList();
        int parts = names.size();
        if (parts == 1) {
            return "site %d is %s".formatted(siteId, names.get(0));
        }
        String list =
                parts <= MOST_NAMED
                        ? String.join(", ", names)
                        : "%s, %s, ..., %s"
                                .formatted(names.get(0), names.get(1), names.get(parts - 1));
        return "site %d is %s in %s, oldest first: %s"
                .formatted(siteId, log.name(), Count.of(parts, "part"), list);
    }

    /** File names can hold anything. */
    private static void say(String text, PrintWriter out) {
        out.println(ShownText.of(text.getBytes(StandardCharsets.UTF_8), SHOWN_CHARACTERS));
        out.flush();
    }

    private static void requireRequests(AccessLogRequests requests, List<Path> files) {
        String named = files.stream().map(Path::toString).collect(Collectors.joining(", "));
        if (requests.size() == 0) {
            throw new CommandException("no requests in " + named);
        }
        if (!requests.hasRequests()) {
            throw new CommandException(
                    "no requests in %s: %s, but none is a request in the format that was looked for"
                            .formatted(named, Count.of(requests.size(), "line")));
        }
    }

    private void requireSites(int sites, String what) {
        Arguments.require("--site-id", firstSiteId, 0);
        int greatest = Integer.MAX_VALUE - (sites - 1);
        if (firstSiteId > greatest) {
            throw CommandException.wrongUsage(
                    "--site-id: %d must be %d or less, so that each of the %d %s has a site, at most %d"
                            .formatted(firstSiteId, greatest, sites, what, Integer.MAX_VALUE));
        }
    }
}
