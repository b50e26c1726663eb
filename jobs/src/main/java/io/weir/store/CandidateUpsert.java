package io.weir.store;

import io.weir.election.Candidate;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Writes the candidates of elections. Of two rows of a site and election the one with more hits is
 * kept: it knows more of the minutes.
 */
public final class CandidateUpsert implements Upsert<Candidate, CandidateUpsert.Key> {

    private final Statement statement;

    /** Writes to the table of the given schema, a plain lower-case identifier. */
    public CandidateUpsert(String schema) {
        this.statement = new Statement(schema);
    }

    @Override
    public Key keyOf(Candidate candidate) {
        return new Key(candidate.siteId(), candidate.boundaryMillis());
    }

    @Override
    public Candidate merge(Candidate held, Candidate offered) {
        return offered.hits() >= held.hits() ? offered : held;
    }

    @Override
    public List<Batch<?>> batches(SortedMap<Key, Candidate> rows) {
        return List.of(
                new Batch<>(statement, rows.firstKey().toString(), List.copyOf(rows.values())));
    }

    /** Primary key of a candidate. */
    public record Key(int siteId, long boundaryMillis) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparingInt(Key::siteId).thenComparingLong(Key::boundaryMillis);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return "site_id " + siteId + ", election " + Instant.ofEpochMilli(boundaryMillis);
        }
    }

    private record Statement(String schema) implements UpsertStatement<Candidate> {

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
        public Set<Instant> buckets(List<Candidate> rows) {
            return rows.stream()
                    .map(row -> Instant.ofEpochMilli(row.boundaryMillis()))
                    .collect(Collectors.toSet());
        }

        @Override
        public void statement(PreparedStatement statement, List<Candidate> rows)
                throws SQLException {
            new BatchBinder<>(statement, rows)
                    .ints(Candidate::siteId)
                    .times(Candidate::boundaryMillis)
                    .longs(Candidate::hits)
                    .times(Candidate::lastMinuteMillis);
        }
    }
}
