package io.weir.tools.follow;

import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.SiteBy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which logs are followed, and where their lines go.
 *
 * @param files absolute, each the one of its log that is written to
 * @param firstSiteId the site of the first log or host
 * @param isFromEnd whether lines that are there at the first start are left out
 * @param kafka properties of Kafka clients
 * @param recordsPerSecond how many records to send in a second at most, null for all
 */
public record FollowSettings(
        List<Path> files,
        LineRules rules,
        int firstSiteId,
        boolean isFromEnd,
        Path positionFile,
        Map<String, Object> kafka,
        String topic,
        @Nullable Double recordsPerSecond) {

    public FollowSettings {
        files = List.copyOf(files);
        kafka = Map.copyOf(kafka);
    }

    /** The site of a log's requests. Where hosts are sites, that of lines that are none. */
    int siteOf(int file) {
        return rules.siteBy() == SiteBy.HOST ? firstSiteId : firstSiteId + file;
    }

    /** A file's name without its folder, unless another has the same. */
    String nameOf(Path file) {
        Path name = file.getFileName();
        boolean isUnique =
                name != null && files.stream().filter(other -> other.endsWith(name)).count() == 1;
        return isUnique ? name.toString() : file.toString();
    }
}
