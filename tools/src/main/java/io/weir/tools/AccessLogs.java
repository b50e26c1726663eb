package io.weir.tools;

import io.weir.tools.connect.CommandException;
import io.weir.tools.send.AccessLogRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the access logs that an argument names, or says which one cannot be read. */
final class AccessLogs {

    private AccessLogs() {}

    static AccessLogRequests read(List<Path> files, int firstSiteId) throws IOException {
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
        if (firstSiteId < 1 || firstSiteId > Integer.MAX_VALUE - files.size()) {
            throw CommandException.wrongUsage("--site-id: " + firstSiteId + " must be 1 or more");
        }
        return AccessLogRequests.of(files, firstSiteId);
    }
}
