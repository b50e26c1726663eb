package io.weir.tools.accesslog;

import io.weir.tools.logfile.LogFile;
import java.nio.file.Path;

/**
 * An access log, or a part of one that was rotated.
 *
 * @param name how records name the file
 * @param siteId the website whose log this is
 */
record AccessLogFile(LogFile log, String name, int siteId) {

    Path path() {
        return log.path();
    }
}
