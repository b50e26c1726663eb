package io.weir.store;

import io.weir.election.Election;
import io.weir.election.TopSite;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the outcome of elections: the sites of the list that changed, then the election itself, so
 * that its row says that all is there. A site's row of a later election is kept, and since the log
 * decides every election, one that is held again writes the same.
 */
public final class ElectionUpsert implements Upsert<Election, Long> {

    /** Rows in one statement; an election of a million candidates changes as many. */
    private static final int MAX_ROWS = 10_000;

    private final SiteStatement sites;
    private final ElectionStatement elections;

    /** Writes to the tables of the given schema, a plain lower-case identifier. */
    public ElectionUpsert(String schema) {
        this.sites = new SiteStatement(schema);
        this.elections = new ElectionStatement(schema);
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
    public List<Batch<?>> batches(SortedMap<Long, Election> rows) {
        TreeMap<Integer, TopSite> newest = new TreeMap<>();
        for (Election election : rows.values()) {
            for (TopSite site : election.changed()) {
                newest.put(site.siteId(), site);
            }
        }
        List<Batch<?>> batches = new ArrayList<>();
        List<TopSite> changed = List.copyOf(newest.values());
        for (int from = 0; from < changed.size(); from += MAX_ROWS) {
            List<TopSite> part = changed.subList(from, Math.min(from + MAX_ROWS, changed.size()));
            batches.add(new Batch<>(sites, "site_id " + part.get(0).siteId(), part));
        }
        batches.add(
                new Batch<>(
                        elections,
                        "election " + Instant.ofEpochMilli(rows.firstKey()),
                        List.copyOf(rows.values())));
        return batches;
    }

    private record SiteStatement(String schema) implements UpsertStatement<TopSite> {

        private static final String QUERY =
                """
                INSERT INTO "%s".top_site AS t (
                    site_id, total_hits, last_election_hits, times_elected,
                    first_seen, last_seen, counted_until, left_at, election)
                SELECT
                    site_id, total_hits, last_election_hits, times_elected,
                    first_seen, last_seen, counted_until, left_at, election
                FROM unnest(
                    ?::int[], ?::bigint[], ?::bigint[], ?::int[],
                    ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                    ?::timestamptz[])
                AS batch (
                    site_id, total_hits, last_election_hits, times_elected,
                    first_seen, last_seen, counted_until, left_at, election)
                ON CONFLICT (site_id) DO UPDATE SET
                    total_hits = excluded.total_hits,
                    last_election_hits = excluded.last_election_hits,
                    times_elected = excluded.times_elected,
                    first_seen = excluded.first_seen,
                    last_seen = excluded.last_seen,
                    counted_until = excluded.counted_until,
                    left_at = excluded.left_at,
                    election = excluded.election
                WHERE excluded.election >= t.election
                """;

        @Override
        public String table() {
            return schema + ".top_site";
        }

        @Override
        public String query() {
            return QUERY.formatted(schema);
        }

        @Override
        public void statement(PreparedStatement statement, List<TopSite> rows) throws SQLException {
            new BatchBinder<>(statement, rows)
                    .ints(TopSite::siteId)
                    .longs(TopSite::totalHits)
                    .longs(TopSite::lastElectionHits)
                    .ints(TopSite::timesElected)
                    .times(TopSite::firstSeenMillis)
                    .times(TopSite::lastSeenMillis)
                    .times(TopSite::countedUntilMillis)
                    .nullableTimes(TopSite::leftAtMillis)
                    .times(TopSite::boundaryMillis);
        }
    }

    private record ElectionStatement(String schema) implements UpsertStatement<Election> {

        private static final String QUERY =
                """
                INSERT INTO "%s".top_site_election (
                    election, window_start, version,
                    candidate_count, site_count, entered_count, left_count, held_at)
                SELECT
                    election, window_start, version,
                    candidate_count, site_count, entered_count, left_count, clock_timestamp()
                FROM unnest(
                    ?::timestamptz[], ?::timestamptz[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[])
                AS batch (
                    election, window_start, version,
                    candidate_count, site_count, entered_count, left_count)
                ON CONFLICT (election) DO NOTHING
                """;

        @Override
        public String table() {
            return schema + ".top_site_election";
        }

        @Override
        public String query() {
            return QUERY.formatted(schema);
        }

        @Override
        public void statement(PreparedStatement statement, List<Election> rows)
                throws SQLException {
            new BatchBinder<>(statement, rows)
                    .times(Election::boundaryMillis)
                    .times(Election::windowStartMillis)
                    .ints(Election::version)
                    .ints(Election::candidates)
                    .ints(Election::listed)
                    .ints(Election::entered)
                    .ints(Election::left);
        }
    }
}
