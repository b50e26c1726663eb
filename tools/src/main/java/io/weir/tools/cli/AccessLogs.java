package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.send.AccessLogRequests;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Reads the access logs that an argument names, or says which one cannot be read. */
final class AccessLogs {

    @Option(
            names = "--site-id",
            defaultValue = "1",
            paramLabel = "N",
            description = "The first access log's site; the next log is the next site")
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
                    "no requests in "
                            + named
                            + ": "
                            + Count.of(requests.size(), "line")
                            + ", but none as in an access log (common, combined, vhost_combined)");
        }
        return requests;
    }

    private void requireSites(int logs) {
        if (firstSiteId < 1) {
            throw CommandException.wrongUsage("--site-id: " + firstSiteId + " must be 1 or more");
        }
        int greatest = Integer.MAX_VALUE - (logs - 1);
        if (firstSiteId > greatest) {
            throw CommandException.wrongUsage(
                    "--site-id: "
                            + firstSiteId
                            + " must be "
                            + greatest
                            + " or less, so that each of the "
                            + logs
                            + " logs has a site, "
                            + Integer.MAX_VALUE
                            + " at most");
        }
    }
}
