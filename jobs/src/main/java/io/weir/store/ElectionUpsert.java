package io.weir.store;

import static io.weir.store.Column.Type.BIGINT;
import static io.weir.store.Column.Type.INT;
import static io.weir.store.Column.Type.TIMESTAMPTZ;

import io.weir.election.Election;
import io.weir.election.TopSite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the outcome of elections: the candidates, the sites of the list that changed, then the
 * election itself, so that its row says that all is there. A site's row of a later election is
 * kept, and since the log decides every election, one that is held again writes the same. The row
 * of a site that leaves unseen is not inserted again: whoever erased the site meant it.
 */
public final class ElectionUpsert implements Upsert<Election, Long> {

    /** Rows in one statement; an election of a million candidates changes as many. */
    private static final int MAX_ROWS = 10_000;

    private static final Comparator<TopSite> BY_KEY =
            Comparator.comparingInt(TopSite::siteId).thenComparingLong(TopSite::boundaryMillis);

    private final TableStatement<TopSite> candidates;
    private final TableStatement<TopSite> sites;
    private final TableStatement<TopSite> leavers;
    private final TableStatement<Election> elections;

    /** Writes to the tables of the given schema, a plain lower-case identifier. */
    public ElectionUpsert(String schema) {
        candidates =
                TableStatement.upsert(
                                schema,
                                "top_site_candidate",
                                List.of(
                                        TopSiteColumns.SITE_ID,
                                        TopSiteColumns.ELECTION,
                                        Column.of("hits", BIGINT, TopSite::lastElectionHits),
                                        TopSiteColumns.LAST_SEEN),
                                List.of("site_id", "election"),
                                "excluded.hits >= t.hits")
                        .partitionedBy(TopSiteColumns.ELECTION);
        sites =
                TableStatement.upsert(
                        schema,
                        "top_site",
                        TopSiteColumns.ALL,
                        List.of("site_id"),
                        "excluded.election >= t.election");
        leavers =
                TableStatement.of(
                        schema,
                        "top_site",
                        List.of(
                                TopSiteColumns.SITE_ID,
                                TopSiteColumns.LEFT_AT,
                                TopSiteColumns.ELECTION),
                        """
                        UPDATE %1$s AS t SET left_at = batch.left_at, election = batch.election
                        FROM %4$s
                        WHERE t.site_id = batch.site_id AND batch.election >= t.election
                        """);
        elections =
                TableStatement.of(
                        schema,
                        "top_site_election",
                        List.of(
                                Column.of("election", TIMESTAMPTZ, Election::boundaryMillis),
                                Column.of("window_start", TIMESTAMPTZ, Election::windowStartMillis),
                                Column.of("version", INT, Election::version),
                                Column.of("candidate_count", INT, Election::candidates),
                                Column.of("site_count", INT, Election::listed),
                                Column.of("entered_count", INT, Election::entered),
                                Column.of("left_count", INT, Election::left)),
                        """
                        INSERT INTO %1$s (%2$s, held_at)
                        SELECT %3$s, clock_timestamp() FROM %4$s
                        ON CONFLICT (election) DO NOTHING
                        """);
    }

    @Override
    public Long keyOf(Election election) {
        return election.boundaryMillis();
    }

    @Override
    public Election merge(Election held, Election offered) {
        return offered;
    }

    @Override
    public boolean belongTogether(Election election, Election next) {
        return false;
    }

    @Override
    public List<Batch<?>> batches(SortedMap<Long, Election> rows) {
        List<TopSite> elected = new ArrayList<>();
        TreeMap<Integer, TopSite> seen = new TreeMap<>();
        TreeMap<Integer, TopSite> unseen = new TreeMap<>();
        for (Election election : rows.values()) {
            for (TopSite site : election.changed()) {
                if (site.isCandidate()) {
                    elected.add(site);
                    unseen.remove(site.siteId());
                    seen.put(site.siteId(), site);
                } else if (seen.replace(site.siteId(), site) == null) {
                    unseen.put(site.siteId(), site);
                }
            }
        }
        elected.sort(BY_KEY);
        List<Batch<?>> batches = new ArrayList<>();
        addInParts(batches, candidates, elected);
        addInParts(batches, sites, List.copyOf(seen.values()));
        addInParts(batches, leavers, List.copyOf(unseen.values()));
        batches.add(
                new Batch<>(
                        elections,
                        "election " + Instant.ofEpochMilli(rows.firstKey()),
                        List.copyOf(rows.values())));
        return batches;
    }

    private static void addInParts(
            List<Batch<?>> batches, TableStatement<TopSite> statement, List<TopSite> rows) {
        for (int from = 0; from < rows.size(); from += MAX_ROWS) {
            List<TopSite> part = rows.subList(from, Math.min(from + MAX_ROWS, rows.size()));
            batches.add(new Batch<>(statement, "site_id " + part.get(0).siteId(), part));
        }
    }
}
