package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tenant sees on a coordinator and two workers. */
class CitusTenantIT {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    private static final List<String> ON_CITUS =
            List.of(
                    "select result from run_command_on_shards('weir.http_request_1min',"
                            + " 'select string_agg(request_count::text, chr(44)) from %s')",
                    "select result from run_command_on_placements('weir.http_request_1min_p2026_11_24',"
                            + " 'select string_agg(request_count::text, chr(44)) from %s')",
                    "select result from run_command_on_shards('weir.http_request_1min',"
                            + " 'set row_security = off; select string_agg(request_count::text, chr(44)) from %s')",
                    "select result from run_command_on_workers('set role other; select"
                            + " string_agg(request_count::text, chr(44)) from weir.http_request_1min')",
                    "select result from run_command_on_all_nodes('select string_agg(request_count::text, chr(44))"
                            + " from weir.http_request_1day')",
                    "set citus.propagate_set_commands = 'local'; begin; set local row_security = off;"
                            + " select request_count from weir.http_request_1min",
                    "set citus.propagate_set_commands = 'local'; begin; set local role other;"
                            + " select request_count from weir.http_request_1min",
                    "set citus.enable_ddl_propagation = off; alter table weir.http_request_1min disable row level"
                            + " security; select request_count from weir.http_request_1min",
                    "begin; select create_intermediate_result('r', 'select request_count from weir.http_request_1min');"
                            + " select * from read_intermediate_result('r', 'binary') as rows (request_count bigint)",
                    "select * from citus_stat_tenants",
                    "select query from citus_dist_stat_activity where usename <> 'tenant'",
                    "select minimum_value, maximum_value from columnar.chunk",
                    "select undistribute_table('weir.http_request_1day')",
                    "select alter_table_set_access_method('weir.http_request_1day_p2026', 'heap')");

    @BeforeAll
    static void fill() throws SQLException {
        CitusSchema.of(CITUS).migrate();
        owner("call weir.maintain(moment => '2026-11-24 10:00Z')");
        for (String grain : List.of("1min", "1hour", "1day")) {
            owner(
                    TenantAttempts.FILL
                            .formatted(grain)
                            .replace("'\\x118b40'", "hll_empty(11, 5, 0, 1)"));
        }
        owner(TenantAttempts.FILL_LATE.replace("'\\x118b40'", "hll_empty(11, 5, 0, 1)"));
        owner(
                "insert into weir.site select s, 'site' || s || '.example' from generate_series(1, 9) as s");
        owner("create role tenant login");
        owner("create role other login");
        owner("create role dashboard login in role weir_reader");
        owner("select weir.set_tenant('tenant', '{2,1}')");
        owner("select weir.set_tenant('other', '{9}')");
        owner("analyze");
    }

    static Stream<String> attempts() {
        return Stream.concat(TenantAttempts.EVERYWHERE.stream(), ON_CITUS.stream());
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void aTenantSeesNothingOfOthers(String attempt) throws SQLException {
        TenantAttempts.assertNothingOfOthers(as("tenant", attempt));
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void norOnAWorker(String attempt) throws SQLException {
        for (String port :
                owner("select nodeport from pg_dist_node where groupid > 0").split("\n", -1)) {
            String worker = CITUS.jdbcUrl().replaceFirst(":\\d+/", ":" + port + "/");
            TenantAttempts.assertNothingOfOthers(TenantAttempts.answer(worker, "tenant", attempt));
        }
    }

    @Test
    void theShardsOnAWorkerShowNoMore() throws SQLException {
        for (String shard :
                owner(
                                "select nodeport || ' ' || shard_name from citus_shards where"
                                        + " table_name::text like 'weir.http_request%' or"
                                        + " table_name::text = 'weir.site'")
                        .split("\n", -1)) {
            String[] portAndName = shard.split(" ", 2);
            String worker = CITUS.jdbcUrl().replaceFirst(":\\d+/", ":" + portAndName[0] + "/");
            TenantAttempts.assertNothingOfOthers(
                    TenantAttempts.answer(worker, "tenant", "select * from " + portAndName[1]));
        }
    }

    @Test
    void nothingIsKeptThatExplainCouldTell() throws SQLException {
        assertThat(
                        owner(
                                "select distinct result from run_command_on_workers($$ select"
                                        + " string_agg(distinct attname, ',') from pg_stats where"
                                        + " schemaname = 'weir' and tablename ~ '^(http_request|site)' $$)"))
                .isEqualTo("bucket");
    }

    @Test
    void aTenantSeesItsOwnAndTheReaderAll() throws SQLException {
        for (String table :
                List.of(
                        "http_request_1min",
                        "http_request_1min_late",
                        "traffic_1hour",
                        "traffic_1day",
                        "site")) {
            String query = "select site_id from weir." + table + " order by 1";
            assertThat(as("tenant", query)).isEqualTo("1\n2");
            assertThat(as("dashboard", query)).isEqualTo("1\n2\n3\n4\n5\n6\n7\n8\n9");
        }
    }

    @Test
    void aListHoldsAtOnceAndUntilItIsDropped() throws SQLException {
        String query = "select distinct site_id from weir.traffic_1min order by 1";
        owner("create role passing login");
        owner("select weir.set_tenant('passing', '{3}')");
        assertThat(as("passing", query)).isEqualTo("3");
        owner("select weir.set_tenant('passing', '{4,5}')");
        assertThat(as("passing", query)).isEqualTo("4\n5");
        owner("select weir.drop_tenant('passing')");
        assertThat(as("passing", query)).contains("permission denied");
        owner("drop role passing"); // nothing depends on it any more

        assertThat(owner("select tenant, sites from weir.tenants()"))
                .isEqualTo("other\n{9}\ntenant\n{1,2}");
    }

    @Test
    void aLoginIsAddedChangedAndRemovedOnAllNodes() throws SQLException {
        String query = "select distinct site_id from weir.traffic_1min order by 1";
        owner("select weir.add_tenant('login', '{3}', '" + TenantAttempts.VERIFIER + "')");
        assertThat(as("login", query)).isEqualTo("3");
        assertThat(onAllNodes("rolcanlogin from pg_roles where rolname = 'login'")).isEqualTo("t");
        owner("select weir.add_tenant('login', '{4}')");
        assertThat(as("login", query)).isEqualTo("4");
        owner("select weir.change_tenant('login', '{5,6}')");
        assertThat(as("login", query)).isEqualTo("5\n6");

        owner("create table public.kept (n int)");
        owner("grant select on public.kept to login");
        assertThat(owner("select weir.remove_tenant('login')")).isEqualTo("f");
        assertThat(as("login", query)).contains("permission denied");
        owner("drop table public.kept");

        owner("select weir.set_tenant('login', '{3}')");
        assertThat(owner("select weir.remove_tenant('login')")).isEqualTo("t");
        assertThat(onAllNodes("count(*) from pg_roles where rolname = 'login'")).isEqualTo("0");
    }

    @Test
    void aTenantThatCannotBeAddedLeavesNoRole() throws SQLException {
        String add = "select weir.add_tenant('half', '{-1}', '" + TenantAttempts.VERIFIER + "')";
        assertThat(as(CITUS.user(), add)).contains("a tenant needs at least one site");
        assertThat(onAllNodes("count(*) from pg_roles where rolname = 'half'")).isEqualTo("0");
    }

    @Test
    void anOwnerNeedsToBeNoSuperuser() throws SQLException {
        owner("create role landlord login createrole");
        owner("grant create on database postgres to landlord");
        new SchemaMigration(CITUS.jdbcUrl(), "landlord", null, "let").withShards(2).migrate();
        String add = "select let.add_tenant('lodger', '{3}', '" + TenantAttempts.VERIFIER + "')";

        assertThat(as("landlord", add)).doesNotContain("ERROR");
        assertThat(as("landlord", "select tenant from let.tenants()")).isEqualTo("lodger");
        assertThat(as("lodger", "select count(*) from let.traffic_1min")).isEqualTo("0");
        assertThat(as("landlord", "select let.remove_tenant('lodger')")).isEqualTo("t");
        owner("drop schema let cascade");
    }

    @Test
    void aSiteHasOneDomain() throws SQLException {
        assertThat(owner("select weir.add_site(21, 'A.Example.')")).isEqualTo("a.example");
        assertThat(as(CITUS.user(), "select weir.add_site(21, 'b.example')"))
                .contains("site 21 already has the domain a.example");
        assertThat(as(CITUS.user(), "select weir.add_site(22, 'a.example')"))
                .contains("a.example is already the domain of site 21");
        for (String wrong :
                List.of("22, 'a b'", "22, null", "-1, 'c.example'", "null, 'c.example'")) {
            assertThat(as(CITUS.user(), "select weir.add_site(" + wrong + ")"))
                    .containsAnyOf("is not a domain", "must be 0 or more");
        }
        assertThat(owner("select table_name, row_count from weir.remove_site(21)"))
                .endsWith("site\n1");
        assertThat(owner("select count(*) from weir.site where site_id > 9")).isEqualTo("0");
    }

    @Test
    void aHostBelongsToASiteFromAnInstantOnAndOnAllNodes() throws SQLException {
        assertThat(owner("select weir.add_site(31, 'h.example', 'epoch')")).isEqualTo("h.example");
        owner("select weir.add_host(31, 'WWW.h.example.', '2026-11-24 10:00Z')");
        owner("select weir.add_host(0, 'www.h.example', '2026-11-24 11:00Z')");
        owner("select weir.remove_host('www.h.example', '2026-11-24 12:00Z')");

        assertThat(
                        onAllNodes(
                                "string_agg(concat_ws('/', host, coalesce(site_id, -1), extract(epoch from"
                                        + " holds_from)::bigint), ' ' order by version) from weir.site_host"
                                        + " where host like '%h.example'"))
                .isEqualTo(
                        "h.example/31/0 www.h.example/31/1795514400 www.h.example/0/1795518000"
                                + " www.h.example/-1/1795521600");
        assertThat(
                        as(
                                CITUS.user(),
                                "select weir.add_host(5, 'www.h.example', '2026-11-24 12:00Z')"))
                .contains("www.h.example belongs to no site from 2026-11-24 12:00:00+00 on");
        assertThat(as("dashboard", "select count(*) > 0 from weir.site_host")).isEqualTo("t");
        assertThat(as("tenant", "select count(*) from weir.site_host"))
                .contains("permission denied");
        assertThat(
                        as(
                                CITUS.user(),
                                "begin; select pg_sleep(11); select weir.add_host(5, 'late.example')"))
                .contains("a host must be committed within 10 seconds");
        assertThat(as(CITUS.user(), "select weir.add_host(5, 'x.example', 'infinity')"))
                .contains("a host must hold some day");
        owner("select weir.remove_site(31)");
        assertThat(
                        owner(
                                "select site_id is null, holds_from > now() from weir.site_host"
                                        + " where host = 'h.example' order by version desc limit 1"))
                .isEqualTo("t\nt");
    }

    private static String onAllNodes(String question) throws SQLException {
        return owner(
                "select distinct result from run_command_on_all_nodes($$ select "
                        + question
                        + " $$)");
    }

    @Test
    void aWriterWrites() throws SQLException {
        owner("create role job login in role weir_writer");
        String upsert =
                "insert into weir.http_request_1min select site, '2026-11-24 00:01Z', n, n, 0, 0, 0, null, 0,"
                        + " hll_empty(11, 5, 0, 1), '{}', '{}', '{}', true, false, '2026-11-24Z'"
                        + " from unnest('{1,12}'::int[], '{%s,%<s}'::bigint[]) as row (site, n)"
                        + " on conflict (site_id, bucket) do update set request_count = excluded.request_count,"
                        + " success_count = excluded.success_count";
        as("job", upsert.formatted("5"));
        assertThat(as("job", upsert.formatted("6"))).isEmpty();

        assertThat(
                        owner(
                                "select request_count from weir.http_request_1min where bucket = '2026-11-24 00:01Z'"))
                .isEqualTo("6\n6");
        owner(
                "insert into weir.top_site values (12, 5, 5, 1, '2026-11-24Z', '2026-11-24Z',"
                        + " '2026-11-24 01:00Z', null, '2026-11-24 01:00Z')");
        assertThat(owner("select table_name, row_count from weir.remove_site(12)"))
                .isEqualTo(
                        "http_request_1min\n1\nhttp_request_1hour\n0\nhttp_request_1day\n0"
                                + "\nhttp_request_1min_late\n0\nhttp_request_1hour_late\n0\nhttp_request_1day_late\n0"
                                + "\nbreakdown_1hour\n0\nbreakdown_1day\n0"
                                + "\ntop_site_candidate\n0\ntop_site\n1\nsite\n0");
        owner("delete from weir.http_request_1min where bucket = '2026-11-24 00:01Z'");
    }

    private static String owner(String statements) throws SQLException {
        String answer = TenantAttempts.answer(CITUS.jdbcUrl(), CITUS.user(), statements);
        assertThat(answer).doesNotContain("ERROR");
        return answer;
    }

    private static String as(String user, String statements) throws SQLException {
        return TenantAttempts.answer(CITUS.jdbcUrl(), user, statements);
    }
}
