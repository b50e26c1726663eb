package io.weir.tools.follow;

import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.accesslog.SiteBy;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.send.BatchId;
import io.weir.tools.text.Count;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Starts a follower where the one before it ended, however it ended. */
public final class FollowerStart {

    private final FollowSettings settings;
    private final FollowProgress progress;
    private final InstantSource clock;

    /** What is to be closed if starting fails, the last first. */
    private final Deque<Closeable> opened = new ArrayDeque<>();

    public FollowerStart(FollowSettings settings, FollowProgress progress, InstantSource clock) {
        this.settings = settings;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Takes the position file and the place of earlier followers in Kafka, and finds the files.
     *
     * @throws CommandException when the position is another follower's or of something else, or
     *     Kafka does not allow to send
     * @throws IOException when a file cannot be read or written; the message names it
     */
    public Follower start() throws IOException {
        try {
            SavedPosition.Target target;
            int partitions;
            try (KafkaCluster cluster = KafkaCluster.connect(settings.kafka())) {
                target = target(cluster);
                partitions = cluster.requirePartitions(settings.topic());
            }
            PositionFile file = opened(PositionFile.open(settings.positionFile()));
            Instant savedAt = file.savedAt();
            SavedPosition saved = file.read().orElseGet(() -> SavedPosition.beginning(target));
            requireSame(saved.target(), target);
            requireSites(saved.position().logs());
            file.write(saved); // its name, by which Kafka will know its batches
            Delivery delivery = new Delivery(settings, partitions, saved.follower(), progress::say);
            opened.push(delivery::close);
            SavedPosition settled = settled(saved, delivery.committed()).in(target);
            LiveRecords records =
                    opened(
                            LiveRecords.of(
                                    settings.rules(),
                                    settings.firstSiteId(),
                                    settled.hosts(),
                                    sendTime(settled.position()),
                                    clock));
            return new Follower(
                    file,
                    settled,
                    delivery,
                    records,
                    logs(settled.position(), savedAt, records),
                    progress,
                    settings.recordsPerSecond(),
                    clock);
        } catch (IOException | RuntimeException e) {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
            throw e;
        }
    }

    private <T extends Closeable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private SavedPosition.Target target(KafkaCluster cluster) {
        return new SavedPosition.Target(
                cluster.clusterId(),
                settings.topic(),
                cluster.topicId(settings.topic()),
                settings.rules().siteBy(),
                settings.firstSiteId());
    }

    private void requireSame(SavedPosition.Target before, SavedPosition.Target now) {
        if (!before.topic().equals(now.topic()) || !before.cluster().equals(now.cluster())) {
            throw foreign(
                    "it is of the topic %s of %s"
                            .formatted(
                                    before.topic(),
                                    before.cluster().equals(now.cluster())
                                            ? "the same cluster"
                                            : "another Kafka cluster"));
        }
        if (before.siteBy() != now.siteBy()) {
            throw foreign(
                    "with it, --site-by was not " + now.siteBy().name().toLowerCase(Locale.ROOT));
        }
        if (now.siteBy() == SiteBy.HOST && before.firstSite() != now.firstSite()) {
            throw foreign("with it, --site-id was " + before.firstSite());
        }
        if (!before.topicId().equals(now.topicId())) {
            progress.say(
                    "the topic %s was deleted and created again since; lines that were sent before are not sent again"
                            .formatted(now.topic()));
        }
    }

    /** A log keeps its site, and has it alone. */
    private void requireSites(Map<String, LogPosition> before) {
        for (int i = 0; i < settings.files().size(); i++) {
            String log = settings.files().get(i).toString();
            int site = settings.siteOf(i);
            LogPosition known = before.get(log);
            if (known != null && known.site() != site) {
                throw foreign(
                        "with it, %s was site %d, and now it would be site %d (--site-id, and the order of the files)"
                                .formatted(log, known.site(), site));
            }
            before.forEach(
                    (other, position) -> {
                        if (settings.rules().siteBy() == SiteBy.FILE
                                && position.site() == site
                                && !other.equals(log)) {
                            throw foreign("with it, site %d was %s".formatted(site, other));
                        }
                    });
        }
    }

    private CommandException foreign(String why) {
        return CommandException.wrongUsage(
                "--position: %s was made with other options: %s. Start with the same ones, or name another file"
                        .formatted(settings.positionFile(), why));
    }

    /**
     * What was sent, by what Kafka says of the last batches. If the position is older than that,
     * numbers go on after Kafka's, so that the next batch is the last one again.
     */
    SavedPosition settled(SavedPosition saved, Set<BatchId> committed) {
        Position before = saved.position();
        Position next = saved.next();
        Position taken = next != null && committed.contains(next.batch()) ? next : before;
        BatchId last = committed.stream().max(BatchId.ORDER).orElse(taken.batch());
        boolean isKnown = committed.contains(taken.batch());
        if (last.number() > taken.batch().number()
                || (last.number() == taken.batch().number() && !isKnown && !committed.isEmpty())) {
            progress.say(
                    "the position is older than what was sent: lines that were sent since may be sent twice");
            return saved.at(taken.afterBatch(last));
        }
        boolean isFirst = committed.isEmpty() && taken.batch().number() == 0;
        if (next != null && !isKnown && !isFirst) {
            progress.say(
                    "Kafka does not know any more whether it took the last batch: up to %s may be sent twice"
                            .formatted(Count.of(next.records() - before.records(), "line")));
        }
        return saved.at(taken);
    }

    /** The one so far; none where the clock was wrong then, as all requests would be late. */
    long sendTime(Position position) {
        long saved = position.sendTimeMillis();
        if (saved <= clock.millis()) {
            return saved;
        }
        progress.say(
                "the position has the send time %s, which is later than the clock: it does not count"
                        .formatted(Instant.ofEpochMilli(saved)));
        return 0;
    }

    private List<FollowedLog> logs(Position position, Instant savedAt, LiveRecords records)
            throws IOException {
        List<FollowedLog> logs = new ArrayList<>();
        for (int i = 0; i < settings.files().size(); i++) {
            Path path = settings.files().get(i);
            FollowedLog log =
                    opened(
                            new FollowedLog(
                                    path,
                                    settings.nameOf(path),
                                    settings.siteOf(i),
                                    records,
                                    clock,
                                    progress::say));
            logs.add(log);
            LogPosition known = position.logs().get(path.toString());
            if (known != null) {
                log.resume(known.parts(), savedAt);
            } else if (settings.isFromEnd()) {
                log.skipLines();
            }
            progress.say(
                    "reading %s %s; %s"
                            .formatted(
                                    path,
                                    log.start(known != null),
                                    settings.rules().siteBy() == SiteBy.HOST
                                            ? "each host in it is a site"
                                            : "it is site " + log.siteId()));
        }
        return logs;
    }
}
