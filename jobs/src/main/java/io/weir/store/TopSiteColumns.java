package io.weir.store;

import static io.weir.store.Column.Type.BIGINT;
import static io.weir.store.Column.Type.INT;
import static io.weir.store.Column.Type.TIMESTAMPTZ;

import io.weir.election.TopSite;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The columns of {@code top_site}, by which it is written and read. */
final class TopSiteColumns {

    static final Column<TopSite> SITE_ID = Column.of("site_id", INT, TopSite::siteId);
    static final Column<TopSite> LAST_SEEN =
            Column.of("last_seen", TIMESTAMPTZ, TopSite::lastSeenMillis);
    static final Column<TopSite> LEFT_AT = Column.of("left_at", TIMESTAMPTZ, TopSite::leftAtMillis);
    static final Column<TopSite> ELECTION =
            Column.of("election", TIMESTAMPTZ, TopSite::boundaryMillis);

    /** In the order of {@link TopSite}. */
    static final List<Column<TopSite>> ALL =
            List.of(
                    SITE_ID,
                    Column.of("total_hits", BIGINT, TopSite::totalHits),
                    Column.of("last_election_hits", BIGINT, TopSite::lastElectionHits),
                    Column.of("times_elected", INT, TopSite::timesElected),
                    Column.of("first_seen", TIMESTAMPTZ, TopSite::firstSeenMillis),
                    LAST_SEEN,
                    Column.of("counted_until", TIMESTAMPTZ, TopSite::countedUntilMillis),
                    LEFT_AT,
                    ELECTION);

    private TopSiteColumns() {}

    /** Of a row with all columns as they are selected. */
    static TopSite read(ResultSet row) throws SQLException {
        return new TopSite(
                row.getInt(1),
                row.getLong(2),
                row.getLong(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getObject(8, Long.class),
                row.getLong(9));
    }
}
