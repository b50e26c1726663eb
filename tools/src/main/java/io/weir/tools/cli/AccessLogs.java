package io.weir.tools.cli;

import io.weir.tools.accesslog.AccessLogRequests;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which sites access logs are of. Reads them, or says which one cannot be read. */
final class AccessLogs {

    @Option(
            names = "--site-id",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "The site of the first access log; each further log is the next site (default:"
                            + " ${DEFAULT-VALUE})")
    private int firstSiteId;

    AccessLogRequests read(List<Path> files) throws IOException {
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new CommandException("there is no access log " + file);
            }
            if (Files.isDirectory(file)) {
                throw new CommandException(file + " is a folder: name the access logs in it");
            }
            if (!Files.isReadable(file)) {
                throw new CommandException("the access log " + file + " cannot be read");
            }
        }
        requireSites(files.size());
        AccessLogRequests requests = AccessLogRequests.of(files, firstSiteId);
        String named = files.stream().map(Path::toString).collect(Collectors.joining(", "));
        if (requests.size() == 0) {
            throw new CommandException("no requests in " + named);
        }
        if (!requests.hasRequests()) {
            throw new CommandException(
                    "no requests in %s: %s, but none is a line of an access log (common, combined, vhost_combined)"
                            .formatted(named, Count.of(requests.size(), "line")));
        }
        return requests;
    }

    private void requireSites(int logs) {
        Arguments.require("--site-id", firstSiteId, 1);
        int greatest = Integer.MAX_VALUE - (logs - 1);
        if (firstSiteId > greatest) {
            throw CommandException.wrongUsage(
                    "--site-id: %d must be %d or less, so that each of the %d logs has a site, at most %d"
                            .formatted(firstSiteId, greatest, logs, Integer.MAX_VALUE));
        }
    }
}
