package io.weir.tools.follow;

import io.weir.tools.accesslog.SiteBy;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a position file holds.
 *
 * @param version of this format
 * @param follower a name of its own, by which Kafka knows whose batches are whose
 * @param target where its lines are sent to
 * @param hosts the domains that are sites, in the order of their numbers
 * @param position what Kafka has taken
 * @param next what Kafka has taken if it has taken the batch after that; null where none was begun
 */
public record SavedPosition(
        int version,
        String follower,
        Target target,
        List<String> hosts,
        Position position,
        @Nullable Position next) {

    static final int VERSION = 1;

    /** Refuses what a file lacks. */
    public SavedPosition {
        Objects.requireNonNull(follower, "it has no follower");
        Objects.requireNonNull(target, "it has no target");
        Objects.requireNonNull(position, "it has no position");
        hosts = List.copyOf(hosts);
    }

    /**
     * Where lines are sent to, and as what: it cannot change, or lines would be of other sites.
     *
     * @param cluster the id of the Kafka cluster
     * @param topicId of the topic with this name
     * @param firstSite of hosts
     */
    public record Target(
            String cluster, String topic, String topicId, SiteBy siteBy, int firstSite) {}

    static SavedPosition beginning(Target target) {
        return new SavedPosition(
                VERSION, UUID.randomUUID().toString(), target, List.of(), Position.NOTHING, null);
    }

    /** Kafka has taken this, and no batch is begun. */
    SavedPosition at(Position taken) {
        return new SavedPosition(version, follower, target, hosts, taken, null);
    }

    /** A batch is about to be sent. */
    SavedPosition before(Position following, List<String> knownHosts) {
        return new SavedPosition(version, follower, target, knownHosts, position, following);
    }

    SavedPosition in(Target other) {
        return new SavedPosition(version, follower, other, hosts, position, next);
    }
}
