package io.weir.store;

import io.weir.election.Election;
import io.weir.election.TopSite;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the outcome of elections: the candidates, the sites of the list that changed, then the
 * election itself, so that its row says that all is there. A site's row of a later election is
 * kept, and since the log decides every election, one that is held again writes the same. The row
 * of a site that leaves unseen is not made anew: whoever erased the site meant it.
 */
public final class ElectionUpsert implements Upsert<Election, Long> {

    /** Rows in one statement; an election of a million candidates changes as many. */
    private static final int MAX_ROWS = 10_000;

    private static final Comparator<TopSite> BY_KEY =
            Comparator.comparingInt(TopSite::siteId).thenComparingLong(TopSite::boundaryMillis);

    private final CandidateStatement candidates;
    private final SiteStatement sites;
    private final LeaverStatement leavers;
    private final ElectionStatement elections;

    /** Writes to the tables of the given schema, a plain lower-case identifier. */
    public ElectionUpsert(String schema) {
        this.candidates = new CandidateStatement(schema);
        this.sites = new SiteStatement(schema);
        this.leavers = new LeaverStatement(schema);
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
            List<Batch<?>> batches, UpsertStatement<TopSite> statement, List<TopSite> rows) {
        for (int from = 0; from < rows.size(); from += MAX_ROWS) {
            List<TopSite> part = rows.subList(from, Math.min(from + MAX_ROWS, rows.size()));
            batches.add(new Batch<>(statement, "site_id " + part.get(0).siteId(), part));
        }
    }

    private record CandidateStatement(String schema) implements UpsertStatement<TopSite> {

        private static final String QUERY =
                """
                INSERT INTO "%s".top_site_candidate AS t (site_id, election, hits, last_seen)
                SELECT site_id, election, hits, last_seen
                FROM unnest(?::int[], ?::timestamptz[], ?::bigint[], ?::timestamptz[])
                AS batch (site_id, election, hits, last_seen)
                ON CONFLICT (site_id, election) DO UPDATE SET
                    hits = excluded.hits,
                    last_seen = excluded.last_seen
                WHERE excluded.hits >= t.hits
                """;

        @Override
        public String table() {
            return schema + ".top_site_candidate";
        }

        @Override
        public String query() {
            return QUERY.formatted(schema);
        }

        @Override
        public Set<Instant> buckets(List<TopSite> rows) {
            return rows.stream()
                    .map(row -> Instant.ofEpochMilli(row.boundaryMillis()))
                    .collect(Collectors.toSet());
        }

        @Override
        public void statement(PreparedStatement statement, List<TopSite> rows) throws SQLException {
            new BatchBinder<>(statement, rows)
                    .ints(TopSite::siteId)
                    .times(TopSite::boundaryMillis)
                    .longs(TopSite::lastElectionHits)
                    .times(TopSite::lastSeenMillis);
        }
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

    private record LeaverStatement(String schema) implements UpsertStatement<TopSite> {

        private static final String QUERY =
                """
                UPDATE "%s".top_site AS t SET left_at = batch.left_at, election = batch.election
                FROM unnest(?::int[], ?::timestamptz[], ?::timestamptz[])
                AS batch (site_id, left_at, election)
                WHERE t.site_id = batch.site_id AND batch.election >= t.election
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
