package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tenant of sites 1 and 2 may try to see of the others. Rows of site s have s * 1001
 * requests, so whatever shows a row of another site shows one of these numbers.
 */
final class TenantAttempts {

    static final String FILL =
            """
            insert into weir.http_request_%1$s
            select site, '2026-11-24Z'::timestamptz, site * 1001, site * 1001, 0, 0, 0, null, 0,
                   '\\x118b40', '{}', '{}', '{}', true, true, '2026-11-24Z'
            from generate_series(1, 9) as site
            """;

    /** Late requests alone, so that no sum of two sites looks like another one. */
    static final String FILL_LATE =
            FILL.formatted("1min_late").replace("'2026-11-24Z'::", "'2026-11-24 00:01Z'::");

    /** Each is one attempt: statements of one session, in order. */
    static final List<String> EVERYWHERE =
            List.of(
                    "select request_count from weir.http_request_1min",
                    "select request_count from weir.traffic_1hour where site_id = 9",
                    "select sum(request_count) from weir.traffic_1day where site_id > 2",
                    "select request_count from weir.http_request_1min_late",
                    "select request_count, late_count from weir.traffic_1min where bucket > '2026-11-24Z'",
                    "select late_count from weir.totals(9, '2026-11-24Z', '2026-11-25Z')",
                    "select request_count from weir.http_request_1min_p2026_11_24",
                    "set role weir_reader; select request_count from weir.http_request_1min",
                    "set session authorization other; select request_count from weir.http_request_1min",
                    "set row_security = off; select request_count from weir.http_request_1min",
                    "begin; set local role other; select request_count from weir.http_request_1min",
                    "create function pg_temp.leak(bigint) returns bool language plpgsql cost 0.0000001"
                            + " as $$ begin raise exception '%', $1; end $$;"
                            + " select from weir.http_request_1min where site_id > 2 and pg_temp.leak(request_count)",
                    "select from weir.http_request_1min where site_id > 2 and request_count::text::xml is document",
                    "select from weir.http_request_1min where 1 / (site_id - 9) > 5",
                    "copy (select request_count from weir.http_request_1day) to stdout",
                    "begin; declare c cursor for select request_count from weir.http_request_1day; fetch all from c",
                    "prepare p(int) as select request_count from weir.http_request_1day where site_id = $1; execute p(9)",
                    "create temp view v as select request_count from weir.http_request_1min; select * from v",
                    "create temp table t as select request_count from weir.http_request_1min; select * from t",
                    "create view weir.mine as select * from weir.http_request_1min; select request_count from weir.mine",
                    "alter policy tenant on weir.http_request_1min using (true); select request_count from weir.http_request_1min",
                    "select weir.set_tenant('tenant', '{1,2,9}'); select request_count from weir.http_request_1min",
                    "alter table weir.http_request_1min disable row level security; select request_count from weir.http_request_1min",
                    "grant weir_reader to tenant; select request_count from weir.http_request_1min",
                    "insert into weir.http_request_1min select 9, '2026-11-24Z', 1, 1, 0, 0, 0, null, 0, '\\x118b40', '{}', '{}',"
                            + " '{}', true, true, '2026-11-24Z' on conflict (site_id, bucket) do update set is_final = true returning request_count",
                    "update weir.http_request_1min set is_final = true where site_id = 9 returning request_count",
                    "delete from weir.http_request_1min where site_id = 9 returning request_count",
                    "select request_count from weir.http_request_1min where site_id = 9 for update",
                    "select request_count from weir.http_request_1min tablesample system (100)",
                    "select request_count from weir.http_request_1min where ctid >= '(0,0)'",
                    "select most_common_vals, histogram_bounds from pg_stats where schemaname = 'weir'"
                            + " and attname = 'request_count'",
                    "select * from pg_statistic",
                    "select * from weir.site_rows(9) where row_count > 0",
                    "select * from weir.remove_site(9)",
                    "select domain, site_id * 1001 from weir.site",
                    "select table_to_xml('weir.http_request_1min', true, false, '')",
                    "select query from pg_stat_activity where usename <> 'tenant'",
                    "select pg_read_file('pg_hba.conf')",
                    "select lo_import('/etc/hostname')");

    /**
     * Every lock that whoever may read can take, and keep: advisory ones, those of LOCK TABLE, and
     * those of a PREPARE, which comes before any question of rights.
     */
    private static final String LOCKS =
            """
            do $$
            declare
              relation regclass;
              mode text;
            begin
              for relation in
                select oid from pg_class
                where relnamespace = 'weir'::regnamespace and relkind in ('r', 'p') and relname ~ '%s'
              loop
                execute format('prepare %%I as delete from %%s', relation, relation);
                foreach mode in array string_to_array('access share,row share,row exclusive,share update exclusive,share,share row exclusive,exclusive,access exclusive', ',') loop
                  begin
                    execute format('lock table %%s in %%s mode nowait', relation, mode);
                  exception when insufficient_privilege then null;
                  end;
                end loop;
              end loop;
              perform pg_advisory_lock(hashtext('weir'), hashtext(work || table_name))
              from unnest(array['', 'make ', 'restore ']) as work, weir.retention_policy;
              perform pg_advisory_lock(hashtext('weir'), hashtext(work))
              from unnest(array['maintain', 'configure_election']) as work;
            end
            $$
            """;

    /** Of the password {@code secret}, as PostgreSQL itself makes it. */
    static final String VERIFIER =
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                    + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    private TenantAttempts() {}

    /** Holds locks, those of tables on the ones whose names match, until the transaction ends. */
    static void lockAll(Connection connection, String tables) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCKS.formatted(tables));
        }
    }

    /** Everything that the server says to one attempt, errors and notices included. */
    static String answer(String jdbcUrl, String user, String statements) throws SQLException {
        List<String> said = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, user, "");
                Statement statement = connection.createStatement()) {
            try {
                boolean isQuery = statement.execute(statements);
                while (isQuery || statement.getUpdateCount() >= 0) {
                    if (isQuery) {
                        ResultSet rows = statement.getResultSet();
                        while (rows.next()) {
                            for (int c = 1; c <= rows.getMetaData().getColumnCount(); c++) {
                                said.add(String.valueOf(rows.getString(c)));
                            }
                        }
                    }
                    isQuery = statement.getMoreResults();
                }
            } catch (SQLException e) {
                said.add(String.valueOf(e.getMessage()));
            }
            for (var note = statement.getWarnings(); note != null; note = note.getNextWarning()) {
                said.add(String.valueOf(note.getMessage()));
            }
        }
        return String.join("\n", said);
    }

    static void assertNothingOfOthers(String answer) {
        for (int site = 3; site <= 9; site++) {
            assertThat(answer)
                    .doesNotContain(String.valueOf(site * 1001))
                    .doesNotContain("site" + site);
        }
        assertThat(answer).doesNotContain("division by zero").doesNotContain("select site, '2026");
    }
}
