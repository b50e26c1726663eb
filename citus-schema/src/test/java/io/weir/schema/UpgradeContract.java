package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.database.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A schema that the released scripts made and that is in use becomes one of today's, and then one
 * of a next version that changes what CREATE OR REPLACE would refuse.
 */
abstract class UpgradeContract {

    private static final Path SCRIPTS = Path.of("src/main/resources/weir/schema");

    private static final String RELEASED = "classpath:released/0.1.0";

    /** What the next version changes in a script of today's. */
    private record Edit(String script, String today, String next) {}

    private static final List<Edit> EDITS =
            List.of(
                    new Edit(
                            "R__92_top_site_report.sql",
                            "       domain,\n",
                            "       domain,\n       length(domain) as domain_length,\n"),
                    new Edit(
                            "R__60_ranges.sql",
                            "returns table (country text, request_count bigint)",
                            "returns table (country text, place int, request_count bigint)"),
                    new Edit(
                            "R__60_ranges.sql",
                            "$$ select * from ${schema}.range_counters('country_counters'",
                            "$$ select key, 1, request_count from ${schema}.range_counters('country_counters'"),
                    new Edit(
                            "R__68_sizes.sql",
                            "partitions_ahead(moment timestamptz)\n",
                            "partitions_ahead(moment timestamptz, more int default 0)\n"),
                    new Edit(
                            "R__68_sizes.sql",
                            "partitions_ahead(timestamptz)",
                            "partitions_ahead(timestamptz, int)"));

    private static final String TABLES =
            "select relname from pg_class where relnamespace = 'weir'::regnamespace and relkind in"
                    + " ('r', 'p') and not relispartition and relname <> 'flyway_schema_history'"
                    + " order by 1";

    /** Owner, rights and comment of all that has a name; functions get their comments anew. */
    private static final String OBJECTS =
            """
            select coalesce(signature, name) as object, pg_get_userbyid(owner), comment, rights
            from (
              select relname::text as name, null as signature, relowner as owner, obj_description(oid, 'pg_class') as comment,
                     coalesce(relacl, acldefault('r', relowner)) as acl
              from pg_class
              where relnamespace = 'weir'::regnamespace and relkind in ('r', 'p', 'v') and not relispartition
              union all
              select proname, null, proowner, null, coalesce(proacl, acldefault('f', proowner))
              from pg_proc where pronamespace = 'weir'::regnamespace
              union all
              select attrelid::regclass || '.' || attname, null, relowner, null, attacl
              from pg_attribute join pg_class on pg_class.oid = attrelid
              where relnamespace = 'weir'::regnamespace and attacl is not null) as object
            cross join lateral (
              select array_agg(given order by given) as rights
              from aclexplode(acl), format('%s %s %s', grantee::regrole, privilege_type, is_grantable) as given) as granted
            order by 1
            """;

    private static final String POLICIES =
            "select tablename, policyname, roles, cmd, qual, with_check from pg_policies where"
                    + " schemaname = 'weir' order by 1, 2";

    abstract SchemaMigration migration();

    abstract Connection connect() throws SQLException;

    @Test
    void everythingIsAsItWasAndWhatIsNewIsThere(@TempDir Path folder)
            throws IOException, SQLException {
        migration().withScriptsAt(RELEASED).migrate();
        fill();
        List<String> tables = query(TABLES);
        List<String> rows = rows(tables);
        List<String> objects = query(OBJECTS);
        List<String> policies = query(POLICIES);
        assertThat(objects)
                .anyMatch(object -> object.matches("traffic_1hour.*analyst SELECT f.*"))
                .anyMatch(object -> object.matches("weir.traffic_1day.site_id.*analyst SELECT t.*"))
                .anyMatch(object -> object.matches("shard_sizes.*analyst EXECUTE f.*"));
        List<String> statements = selects(tables);

        migration().migrate();
        execute("call weir.maintain()"); // the partitions of tables that are new
        assertHealthy(migration());
        assertThat(
                        query(
                                "select keep, archive_after from weir.retention_policy where table_name = 'http_request_1min_late'"))
                .containsExactly("20 years|null");
        List<String> objectsNow = query(OBJECTS);
        List<String> policiesNow = query(POLICIES);
        assertThat(objectsNow).containsAll(objects);
        assertThat(policiesNow).containsAll(policies);

        SchemaMigration next = migration().withScriptsAt("filesystem:" + next(folder));
        assertThat(next.migrate()).isPositive();

        assertHealthy(next);
        List<String> rowsNow = rows(statements, tables);
        assertThat(rowsNow).containsAll(rows);
        assertThat(rowsNow)
                .filteredOn(row -> !rows.contains(row))
                .allMatch(
                        row ->
                                row.matches(
                                        "(measure|grain|traffic_table|retention_policy|maintenance_log|mutex)\\|.*"));
        assertThat(query(OBJECTS)).isEqualTo(objectsNow);
        assertThat(query(POLICIES)).isEqualTo(policiesNow);
        assertThat(query("select * from weir.tenants()")).containsExactly("shop|{1,2}");
        assertThat(
                        query(
                                "set role shop",
                                "select distinct site_id from weir.traffic_1hour order by 1"))
                .containsExactly("1", "2");
        execute(
                "select weir.ensure_partitions('http_request_1hour_late', '2026-11-20Z', '2026-11-20Z')",
                "insert into weir.http_request_1hour_late select * from weir.http_request_1hour");
        assertThat(
                        query(
                                "set role shop",
                                "select site_id, request_count, late_count from weir.traffic_1hour order by 1"))
                .containsExactly("1|4|2", "2|4|2");
        execute("delete from weir.http_request_1hour_late");
        assertThat(query("select domain, domain_length, rank from weir.top_site_report"))
                .containsExactly("example.org|11|1");
        assertThat(query("select sum(request_count), sum(scratch_count) from weir.traffic_1hour"))
                .containsExactly("6|0");
        assertThat(query("select * from weir.countries(1, '2026-11-20Z', '2026-11-21Z')"))
                .containsExactly("BR|1|2");
        assertThat(query("select count(*) > 0 from weir.partitions_ahead(now())"))
                .containsExactly("t");
        assertThat(query("select count(*) from public.slow")).containsExactly("3");
        assertThat(next.migrate()).isZero();

        assertAFailureChangesNothing(folder, objectsNow);
    }

    private void assertAFailureChangesNothing(Path folder, List<String> objects)
            throws IOException, SQLException {
        Path script = folder.resolve("R__98_fails.sql");
        Files.writeString(script, "select 1 / 0;");
        SchemaMigration failing = migration().withScriptsAt("filesystem:" + folder);

        assertThatThrownBy(failing::migrate)
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("division by zero");

        assertThat(query(OBJECTS)).isEqualTo(objects);
        Files.delete(script);
        SchemaMigration repaired = migration().withScriptsAt("filesystem:" + folder);
        assertThat(repaired.migrate()).isPositive();
        assertThat(query(OBJECTS)).isEqualTo(objects);
        assertHealthy(repaired);
    }

    private void fill() throws SQLException {
        execute(
                "update weir.retention_policy set keep = '20 years'",
                "call weir.maintain()",
                "select weir.ensure_partitions(name, '2026-11-20Z', '2026-11-20Z') from unnest('{http_request_1min,http_request_1hour,http_request_1day,top_site_candidate}'::text[]) as name",
                "insert into weir.site values (1, 'example.org')");
        for (int site = 1; site <= 3; site++) {
            execute(
                    "insert into weir.http_request_1min values (%d, '2026-11-20 10:00Z', 2, 1, 1, 0, 0, null, 5, '\\x118b40', '{\"BR\": 2}', '{\"200\": 2}', '{}', true, true, now())"
                            .formatted(site),
                    "insert into weir.top_site_candidate values (%d, '2026-11-20 11:00Z', 2, '2026-11-20 10:00Z')"
                            .formatted(site));
        }
        execute(
                "select weir.rebuild('http_request_1hour', '2026-11-20Z', '2026-11-21Z')",
                "select weir.rebuild('http_request_1day', '2026-11-20Z', '2026-11-21Z')",
                "insert into weir.top_site values (1, 2, 2, 1, '2026-11-20 10:00Z', '2026-11-20 10:00Z', '2026-11-20 11:00Z', null, '2026-11-20 11:00Z')",
                "select weir.add_tenant('shop', '{1,2}', 'SCRAM-SHA-256$4096:c2FsdA==$' || repeat('A', 43) || '=:' || repeat('A', 43) || '=')",
                "create role analyst login",
                "grant usage on schema weir to analyst",
                "grant select on weir.top_site_report to public",
                "alter function weir.day_start owner to analyst",
                "grant select on weir.traffic_1hour to analyst",
                "grant select (site_id) on weir.traffic_1day to analyst with grant option",
                "grant execute on function weir.shard_sizes() to analyst",
                "revoke execute on function weir.totals from public",
                "create view public.slow as select site_id, weir.percentile(response_time_histogram, 0.99) from weir.http_request_1hour");
    }

    /** Today's scripts, edited, and a migration more. */
    private static Path next(Path folder) throws IOException {
        try (Stream<Path> scripts = Files.list(SCRIPTS)) {
            for (Path script : scripts.toList()) {
                Files.copy(script, folder.resolve(script.getFileName()));
            }
        }
        for (Edit edit : EDITS) {
            Path script = folder.resolve(edit.script());
            String text = Files.readString(script);
            assertThat(text).contains(edit.today());
            Files.writeString(script, text.replace(edit.today(), edit.next()));
        }
        Files.writeString(
                folder.resolve("V1000__scratch.sql"),
                "select ${schema}.add_measure('scratch_count', 'bigint', 'coalesce(sum(%s), 0)::bigint',"
                        + " 'Scratch requests', value_before => '0');");
        return folder;
    }

    private void assertHealthy(SchemaMigration migration) throws SQLException {
        assertThat(new SchemaVerification(migration, null).run().found()).isEmpty();
        assertThat(query("select * from weir.audit('2026-11-20Z', '2026-11-21Z')")).isEmpty();
    }

    /** A query for each table, of the columns that it has now. */
    private List<String> selects(List<String> tables) throws SQLException {
        return query(
                "select format('select %s from weir.%I', string_agg(quote_ident(attname), ', ' order by attnum), relname)"
                        + " from pg_attribute join pg_class on pg_class.oid = attrelid where attnum > 0 and not attisdropped and relnamespace = 'weir'::regnamespace"
                        + " and relname = any ('{%s}') group by relname order by relname"
                                .formatted(String.join(",", tables)));
    }

    private List<String> rows(List<String> tables) throws SQLException {
        return rows(selects(tables), tables);
    }

    private List<String> rows(List<String> selects, List<String> tables) throws SQLException {
        assertThat(selects).hasSameSizeAs(tables);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < selects.size(); i++) {
            for (String row : query(selects.get(i)).stream().sorted().toList()) {
                all.append(tables.get(i)).append('|').append(row).append('\n');
            }
        }
        return all.toString().lines().toList();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What the last of the statements answers. */
    private List<String> query(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < statements.length - 1; i++) {
                statement.execute(statements[i]);
            }
            return Rows.of(statement, statements[statements.length - 1]);
        }
    }
}
