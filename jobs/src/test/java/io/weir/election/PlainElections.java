package io.weir.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Elections by the rules alone, without Flink, from all minutes at once. */
final class PlainElections {

    private final ElectionCalendar calendar;
    private final long wholeFrom;
    private final Map<Integer, Map<Long, Long>> hits = new HashMap<>();
    private final TopSites sites = new TopSites(new HashMap<>(), new HashMap<>());
    private final List<Election> elections = new ArrayList<>();
    private final Map<Integer, TopSite> table = new TreeMap<>();
    private ElectionProgress progress = ElectionProgress.NONE;
    private int skipped;

    PlainElections(ElectionSettings... versions) {
        this(List.of(versions), Long.MIN_VALUE);
    }

    PlainElections(List<ElectionSettings> versions, long wholeFrom) {
        this.calendar = ElectionCalendar.of(versions);
        this.wholeFrom = wholeFrom;
    }

    PlainElections minute(int siteId, long minute, long count) {
        hits.computeIfAbsent(siteId, site -> new HashMap<>()).put(minute, count);
        progress = progress.withTraffic(new MinuteHits(siteId, minute, count, wholeFrom));
        return this;
    }

    PlainElections holdAll() {
        Long boundary = progress.next(calendar);
        while (boundary != null && !progress.isBeyondTraffic(boundary, calendar)) {
            if (progress.isWhole(boundary, calendar)) {
                hold(boundary);
            } else {
                skipped++;
            }
            progress = progress.passed(boundary);
            sites.forgetLeft(calendar.windowStart(calendar.nextBoundary(boundary)));
            boundary = progress.next(calendar);
        }
        return this;
    }

    private void hold(long boundary) {
        List<Candidate> candidates = new ArrayList<>();
        hits.forEach(
                (siteId, minutes) -> {
                    Candidate candidate =
                            Candidate.of(siteId, boundary, calendar, minutes.entrySet());
                    if (candidate != null) {
                        candidates.add(candidate);
                    }
                });
        Election election = sites.hold(boundary, calendar, candidates);
        assertThat(candidates).as("candidates that are not elected").isEmpty();
        elections.add(election);
        for (TopSite site : election.changed()) {
            table.put(site.siteId(), site);
        }
        assertThat(sites.listed().keySet())
                .as("the list is the table's")
                .containsExactlyInAnyOrderElementsOf(list());
    }

    List<Election> elections() {
        return elections;
    }

    /** The rows of the table top_site_candidate. */
    List<TopSite> elected() {
        return elections.stream()
                .flatMap(election -> Stream.of(election.changed()))
                .filter(TopSite::isCandidate)
                .toList();
    }

    /** The rows of the table top_site. */
    Map<Integer, TopSite> table() {
        return table;
    }

    TopSite site(int siteId) {
        return Objects.requireNonNull(table.get(siteId));
    }

    /** Ids of the sites in the list. */
    List<Integer> list() {
        return table.values().stream()
                .filter(site -> site.leftAtMillis() == null)
                .map(TopSite::siteId)
                .toList();
    }

    /** Times of the elections, as {@code 15T10:00}. */
    List<String> boundaries() {
        return elections.stream().map(ElectionRun::boundary).toList();
    }

    int skipped() {
        return skipped;
    }
}
