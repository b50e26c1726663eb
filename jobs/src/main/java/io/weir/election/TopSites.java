package io.weir.election;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The list of the top sites, and the rules by which an election changes it.
 *
 * <p>All candidates come into the list. Then the sites leave it that were unseen for the retention
 * period, and beyond its size first the least recently seen, then those with fewer hits, then the
 * higher site_id. A site that returns starts anew with the hits that no election has counted.
 *
 * @param listed the list, by site_id
 * @param countedOfLeft sites that left it and whose minutes a window may still reach: the boundary
 *     up to which their hits are counted
 */
record TopSites(Map<Integer, TopSite> listed, Map<Integer, Long> countedOfLeft) {

    private static final Comparator<TopSite> FIRST_TO_STAY =
            Comparator.comparingLong(TopSite::lastSeenMillis)
                    .thenComparingLong(TopSite::totalHits)
                    .reversed()
                    .thenComparingInt(TopSite::siteId);

    /**
     * Holds the election at a boundary.
     *
     * @param candidates of this and of other elections. Those of this one are removed as they are
     *     elected: there may be a million.
     */
    Election hold(long boundary, ElectionCalendar calendar, Collection<Candidate> candidates) {
        ElectionSettings settings = calendar.at(boundary);
        int listedBefore = listed.size();
        Map<Integer, TopSite> changed = elect(boundary, candidates);
        int candidateCount = changed.size();
        List<TopSite> sites = new ArrayList<>(changed.values());
        listed.values().stream()
                .filter(site -> !changed.containsKey(site.siteId()))
                .forEach(sites::add);
        int left = 0;
        List<TopSite> leaving = leaving(sites, boundary, settings);
        for (TopSite site : leaving) {
            changed.put(site.siteId(), site.removed(boundary));
            left += listed.containsKey(site.siteId()) ? 1 : 0;
        }
        int listedNow = sites.size() - leaving.size();
        remember(changed.values());
        return new Election(
                boundary,
                calendar.windowStart(boundary),
                settings.version(),
                candidateCount,
                listedNow,
                listedNow - (listedBefore - left),
                left,
                changed.values().stream()
                        .sorted(Comparator.comparingInt(TopSite::siteId))
                        .toArray(TopSite[]::new));
    }

    /** The candidates of an election, as they are in the list of all sites. */
    private Map<Integer, TopSite> elect(long boundary, Collection<Candidate> candidates) {
        Map<Integer, TopSite> elected = new HashMap<>();
        Iterator<Candidate> each = candidates.iterator();
        while (each.hasNext()) {
            Candidate candidate = each.next();
            if (candidate.boundaryMillis() == boundary) {
                int siteId = candidate.siteId();
                TopSite known = listed.get(siteId);
                if (known == null) {
                    long counted = countedOfLeft.getOrDefault(siteId, Long.MIN_VALUE);
                    known = TopSite.newcomer(candidate, counted);
                }
                elected.put(siteId, known.elected(candidate));
                each.remove();
            }
        }
        return elected;
    }

    /** Sites unseen for too long, then those beyond the list's size. */
    private static List<TopSite> leaving(
            List<TopSite> sites, long boundary, ElectionSettings settings) {
        List<TopSite> leaving = new ArrayList<>();
        List<TopSite> staying = new ArrayList<>();
        for (TopSite site : sites) {
            boolean isUnseen = boundary - site.lastSeenMillis() >= settings.retentionMillis();
            (isUnseen ? leaving : staying).add(site);
        }
        if (staying.size() > settings.maxEntries()) {
            staying.sort(FIRST_TO_STAY);
            leaving.addAll(staying.subList(settings.maxEntries(), staying.size()));
        }
        return leaving;
    }

    /** Starts from what other elections have left. */
    void startFrom(List<TopSite> sites) {
        listed.clear();
        countedOfLeft.clear();
        remember(sites);
    }

    private void remember(Collection<TopSite> sites) {
        for (TopSite site : sites) {
            if (site.leftAtMillis() == null) {
                listed.put(site.siteId(), site);
                countedOfLeft.remove(site.siteId());
            } else {
                listed.remove(site.siteId());
                countedOfLeft.put(site.siteId(), site.countedUntilMillis());
            }
        }
    }

    /** Forgets sites that left the list and that no window reaches any more. */
    void forgetLeft(long nextWindowStart) {
        countedOfLeft.values().removeIf(counted -> counted <= nextWindowStart);
    }
}
