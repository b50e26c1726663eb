package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.check.Finding;
import io.weir.check.Findings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Breaks a healthy schema by hand, in one place at a time. */
class SchemaVerificationIT {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        store.execute("call weir.maintain()");
        store.execute("create table public.history as select * from weir.flyway_schema_history");
    }

    @AfterAll
    static void allIsFixed() {
        try {
            assertThat(verify("weir").found()).isEmpty();
        } finally {
            store.close();
        }
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        Findings findings = verify("weir");

        assertThat(findings.found()).isEmpty();
        assertThat(findings.notes()).contains("not distributed: no Citus");
        assertThat(findings.notes())
                .as("tables that expected_columns.txt does not know")
                .noneMatch(note -> note.startsWith("columns of"));
        assertThat(findings.checks()).isGreaterThan(10);
    }

    @Test
    void namesALateTableThatIsMissing() throws SQLException {
        store.execute("alter table weir.http_request_1hour_late rename to lost");
        List<Finding> found = verify("weir").found();
        store.execute("alter table weir.lost rename to http_request_1hour_late");

        assertThat(only(found, "table weir.http_request_1hour_late: expected there, found none"))
                .isNotNull();
    }

    /** What is broken, the finding's beginning, and how it is fixed where the remedy is no SQL. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    revoke select on weir.http_request_1hour from weir_reader | weir_reader on weir.http_request_1hour: expected SELECT, found not granted |
                    revoke insert, update on weir.http_request_1min from weir_writer | weir_writer on weir.http_request_1min: expected INSERT, UPDATE, found not granted |
                    revoke select on weir.retention_policy from weir_writer | weir_writer on weir.retention_policy: expected SELECT, found not granted |
                    revoke select on weir.traffic_1day from weir_reader | weir_reader on weir.traffic_1day: expected SELECT, found not granted |
                    revoke usage on schema weir from weir_reader | weir_reader on schema weir: expected USAGE, found not granted |
                    grant create on schema weir to weir_writer | weir_writer on schema weir: expected no CREATE, found granted |
                    grant delete, truncate on weir.http_request_1day to weir_writer | weir_writer on weir.http_request_1day: expected no DELETE, TRUNCATE, found granted |
                    grant insert on weir.http_request_1day to weir_reader | weir_reader on weir.http_request_1day: expected no INSERT, found granted |
                    grant update on weir.retention_policy to weir_writer | weir_writer on weir.retention_policy: expected no UPDATE, found granted |
                    alter role weir_reader bypassrls | role weir_reader: expected bound by rights, found bypassrls |
                    alter role weir_writer superuser | role weir_writer: expected bound by rights, found superuser |
                    alter role weir_writer rename to lost | role weir_writer: expected there, found none | alter role lost rename to weir_writer
                    alter view weir.traffic_1hour reset (security_invoker) | view weir.traffic_1hour: expected security_invoker, found the rights of its owner |
                    alter table weir.http_request_1min add extra int | column weir.http_request_1min.extra: expected none, found integer | alter table weir.http_request_1min drop extra
                    alter table weir.top_site alter total_hits set statistics 100 | planner statistics of weir.top_site: expected of bucket only, found more in weir.top_site |
                    alter table weir.maintenance_log alter message drop not null | column weir.maintenance_log.message: expected text not null, found text | alter table weir.maintenance_log alter message set not null
                    alter table weir.top_site_config rename to lost | table weir.top_site_config: expected there, found none | alter table weir.lost rename to top_site_config
                    alter table weir.http_request_1hour alter is_final drop not null | column weir.http_request_1hour.is_final: expected boolean not null, found boolean | alter table weir.http_request_1hour alter is_final set not null
                    create table weir.rest partition of weir.http_request_1day default | table weir.http_request_1day: expected no default partition, found weir.rest | drop table weir.rest
                    create table weir.late partition of weir.http_request_1min for values from ('2030-01-01 03:00Z') to ('2030-01-02 03:00Z') | partition weir.late: expected from midnight UTC to midnight UTC by the day, found FOR VALUES FROM ('2030-01-01 03:00:00+00') TO ('2030-01-02 03:00:00+00') | drop table weir.late
                    create table weir.half partition of weir.http_request_1hour for values from ('2030-01-15Z') to ('2030-02-01Z') | partition weir.half: expected from midnight UTC to midnight UTC by the month, found FOR VALUES FROM ('2030-01-15 00:00:00+00') | drop table weir.half
                    create table weir.endless partition of weir.http_request_1day for values from ('2100-01-01Z') to (maxvalue) | partition weir.endless: expected from midnight UTC to midnight UTC by the year, found FOR VALUES FROM ('2100-01-01 00:00:00+00') TO (MAXVALUE) | drop table weir.endless
                    select weir.ensure_partitions('http_request_1min', '2020-01-01Z', '2020-01-01Z') | partitions of weir.http_request_1min: expected drop done a day ago, found 1 still due: http_request_1min_p2020_01_01: | call weir.maintain()
                    select weir.ensure_partitions('http_request_1min', '2020-01-30Z', '2020-02-02Z') | partitions of weir.http_request_1min: expected drop done a day ago, found 4 still due: http_request_1min_p2020_01_30 to http_request_1min_p2020_02_02: | call weir.maintain()
                    update weir.retention_policy set keep = '6 days 12:00:00' where table_name = 'http_request_1min_late' | retention_policy of weir.http_request_1min_late: expected keeps what http_request_1min keeps, 7 days, found 6 days 12:00:00 |
                    delete from weir.retention_policy where table_name = 'http_request_1day' | retention_policy of weir.http_request_1day: expected a row, found none | insert into weir.retention_policy (table_name, keep, partition_span, partitions_ahead) values ('http_request_1day', '5 years', 'year', 1)
                    create table weir.other (site_id int, bucket timestamptz) partition by range (bucket) | table weir.other: expected among weir.site_tables(), found not | drop table weir.other
                    """)
    void namesWhatIsWrongAndHowToFixIt(String wrong, String finding, @Nullable String fix)
            throws SQLException {
        store.execute(wrong);

        List<Finding> found = verify("weir").found();
        Finding named = only(found, finding);
        store.execute(fix == null ? named.remedy() : fix);

        // The remedy worked, or the next to verify finds two. What is made by hand has statistics.
        assertThat(found)
                .filteredOn(
                        other ->
                                other.equals(named)
                                        || !other.subject().startsWith("planner statistics"))
                .hasSize(1);
    }

    @Test
    void namesThePartitionsThatAreMissing() throws SQLException {
        String today =
                store.row(
                        "select 'http_request_1min_p' || to_char(now() at time zone 'UTC',"
                                + " 'YYYY_MM_DD')");
        store.execute("drop table weir." + today);

        only(
                verify("weir").found(),
                "partitions of weir.http_request_1min: expected every one from ",
                "found 1 missing: " + today + ": weir maintain");

        store.execute("call weir.maintain()");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    delete from weir.flyway_schema_history where version = '8' | script 8 site: expected run, found not run: weir schema migrate
                    update weir.flyway_schema_history set checksum = 1 where version = '2' | script 2 placement: expected the script that ran, found
                    update weir.flyway_schema_history set success = false where version = '3' | script 3 retention policy: expected run, found failed
                    update weir.flyway_schema_history set checksum = 1 where description = '50 maintain' | script 50 maintain: expected run, found an older one: weir schema migrate
                    insert into weir.flyway_schema_history values (9000, '9000', 'tomorrow', 'SQL', 'V9000__tomorrow.sql', 1, 'x', now(), 1, true) | script 9000 tomorrow: expected known, found a script of another version
                    """)
    void namesTheScriptThatDidNotRunOrIsAnother(String wrong, String finding) throws SQLException {
        store.execute(wrong);
        try {
            only(verify("weir").found(), finding);
        } finally {
            store.execute("delete from weir.flyway_schema_history");
            store.execute("insert into weir.flyway_schema_history select * from public.history");
        }
    }

    @Test
    void saysThatThereIsNoSchema() {
        Findings findings = verify("nowhere");

        only(findings.found(), "schema nowhere: expected migrated, found none: weir");
        assertThat(findings.notes())
                .containsExactly("everything else: not checked, run weir schema migrate first");
    }

    @Test
    void saysWhatItCouldNotSeeAsAReader() throws SQLException {
        store.execute("create role onlooker login in role weir_reader");

        SchemaMigration asOnlooker =
                new SchemaMigration(store.server.jdbcUrl(), "onlooker", null, "weir");
        Findings findings = new SchemaVerification(asOnlooker, null).run();

        assertThat(asOnlooker.owner()).contains("postgres");

        assertThat(findings.found()).isEmpty();
        assertThat(findings.isAllWell()).isFalse();
        assertThat(findings.unchecked())
                .singleElement()
                .asString()
                .startsWith("migrations: not checked, ")
                .endsWith(
                        "permission denied for table flyway_schema_history: run it as the schema's"
                                + " owner, postgres");
        assertThat(findings.notes())
                .contains(
                        "onlooker does not own the schema, postgres does: rights and rows are checked"
                                + " as far as onlooker sees them");
    }

    private static Findings verify(String schema) {
        return new SchemaVerification(store.migration(schema), null).run();
    }

    private static Finding only(List<Finding> found, String... parts) {
        List<Finding> named =
                found.stream().filter(f -> f.toString().startsWith(parts[0])).toList();
        assertThat(named).as("%s in %s", parts[0], found).hasSize(1);
        assertThat(named.get(0).toString()).contains(parts);
        return named.get(0);
    }
}
