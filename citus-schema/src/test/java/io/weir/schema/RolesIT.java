package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesIT {

    private static final String ROW =
            "(1, '2026-11-24Z', 1, 1, 0, 0, 0, null, 0, '\\x118b40'::bytea, '{}', '{}', '{}',"
                    + " true, false, now())";

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        store.execute("update weir.retention_policy set keep = null");
        store.execute("create role job login in role weir_writer");
        store.execute("create role dashboard login in role weir_reader");
        store.execute("create role stranger login");
        // after the grants: new partitions need none
        store.execute("call weir.maintain(moment => '2026-11-24 10:00Z')");
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"1min", "1hour", "1day"})
    void aWriterWritesAndAReaderReads(String grain) throws SQLException {
        String date = grain.equals("1min") ? "24" : "01";
        String table = "weir.http_request_" + grain;
        as(
                "job",
                ("insert into " + table + " values " + ROW).replace("11-24", "11-" + date)
                        + " on conflict (site_id, bucket) do update set request_count ="
                        + " excluded.request_count where excluded.updated_at >= "
                        + "http_request_"
                        + grain
                        + ".updated_at");

        assertThat(answer("job", "select request_count from " + table)).isEqualTo("1");
        assertThat(answer("dashboard", "select request_count from " + table)).isEqualTo("1");
        assertThat(
                        answer(
                                "dashboard",
                                "select request_count, p95_msec, distinct_ip_address_count from"
                                        + " weir.traffic_"
                                        + grain))
                .isEqualTo("1|null|0");
    }

    @Test
    void aWriterMakesThePartitionsThatItsRowsLackAndThePolicyKeeps() throws SQLException {
        String admit =
                "select count(*) from weir.admit_buckets('http_request_1day', array['1999-01-01Z', now()])";
        store.execute(
                "update weir.retention_policy set keep = '5 years' where table_name = 'http_request_1day'");

        assertThat(answer("job", admit)).isEqualTo("1");
        assertThat(
                        answer(
                                "job",
                                "select count(*) from weir.partitions() where parent = 'http_request_1day' and now() >= lower_bound and now() < upper_bound"))
                .isEqualTo("1");
    }

    @Test
    void bothReadThePolicy() throws SQLException {
        String query = "select count(*) from weir.retention_policy";

        assertThat(answer("job", query)).isEqualTo("9");
        assertThat(answer("dashboard", query)).isEqualTo("9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "job | delete from weir.http_request_1min",
                "job | truncate weir.http_request_1min",
                "job | update weir.retention_policy set keep = null",
                "job | call weir.maintain(moment => '2029-01-01Z')",
                "job | select weir.ensure_partitions('http_request_1min', '2031-01-01Z', '2031-01-01Z')",
                "job | create table weir.mine (i int)",
                "job | select * from weir.shard_sizes()",
                "job | select weir.lock_mutex('maintain')",
                "dashboard | select * from weir.admit_buckets('http_request_1min', '{now}')",
                "dashboard | update weir.http_request_1min set is_final = true",
                "dashboard | delete from weir.http_request_1min",
                "dashboard | insert into weir.http_request_1day select * from weir.http_request_1day",
                "dashboard | select * from weir.flyway_schema_history",
                "job | select weir.add_site(1, 'a.example')",
                "job | select * from weir.remove_site(1)",
                "job | select weir.add_tenant('x', '{1}', null)",
                "dashboard | select weir.change_tenant('x', '{1}')",
                "stranger | select weir.remove_tenant('x')",
                "dashboard | call weir.maintain(moment => '2029-01-01Z')",
                "stranger | select * from weir.http_request_1min",
                "stranger | select * from weir.traffic_1day"
            })
    void nobodyDoesMore(String user, String statement) {
        assertThatThrownBy(() -> as(user, statement))
                .isInstanceOf(SQLException.class)
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("42501");
    }

    @Test
    void anOwnerWhoMayNotMakeRolesGetsASchemaAndGrantsThemLater() throws SQLException {
        store.execute("create role owner_without_rights login");
        store.execute("create role onlooker login in role weir_reader");
        store.execute("grant create on database postgres to owner_without_rights");

        store.execute("alter role weir_writer rename to not_there");
        try {
            new SchemaMigration(store.server.jdbcUrl(), "owner_without_rights", null, "owned")
                    .migrate();
        } finally {
            store.execute("alter role not_there rename to weir_writer");
        }
        assertThatThrownBy(() -> answer("onlooker", "select * from owned.traffic_1min"))
                .hasMessageContaining("permission denied");

        as("owner_without_rights", "select owned.grant_roles()");

        assertThat(answer("onlooker", "select count(*) from owned.traffic_1min")).isEqualTo("0");
    }

    @Test
    void aTenantSeesItsSitesWhateverItTries() throws SQLException {
        SchemaMigration tenants =
                new SchemaMigration(store.server.jdbcUrl(), store.server.user(), null, "weir");
        store.execute("call weir.maintain(moment => '2026-11-24 10:00Z')");
        for (String grain : List.of("1min", "1hour", "1day")) {
            store.execute("delete from weir.http_request_" + grain);
            store.execute(
                    TenantAttempts.FILL
                            .formatted(grain)
                            .replace(
                                    "2026-11-24Z",
                                    grain.equals("1min") ? "2026-11-24Z" : "2026-11-02Z"));
        }
        store.execute(TenantAttempts.FILL_LATE);
        store.execute(
                "insert into weir.site select s, 'site' || s || '.example' from generate_series(1, 9) s");
        store.execute("create role tenant login");
        store.execute("create role other login");
        store.execute("select weir.set_tenant('tenant', '{2,1}')");
        store.execute("select weir.set_tenant('other', '{9}')");
        store.execute("analyze");

        for (String attempt : TenantAttempts.EVERYWHERE) {
            TenantAttempts.assertNothingOfOthers(
                    TenantAttempts.answer(store.server.jdbcUrl(), "tenant", attempt));
        }
        assertThat(
                        TenantAttempts.answer(
                                store.server.jdbcUrl(),
                                "tenant",
                                "select * from weir.shard_sizes()"))
                .contains("permission denied for function shard_sizes");
        for (String table :
                List.of("http_request_1min_late", "traffic_1hour", "traffic_1day", "site")) {
            String sites =
                    "select string_agg(site_id::text, ',' order by site_id) from weir." + table;
            assertThat(answer("tenant", sites)).isEqualTo("1,2");
            assertThat(answer("dashboard", sites)).isEqualTo("1,2,3,4,5,6,7,8,9");
        }
        assertThat(
                        store.row(
                                "select string_agg(distinct attname, ',') from pg_stats where"
                                        + " schemaname = 'weir' and tablename ~ '^(http_request|site)'"))
                .isEqualTo("bucket");

        assertThat(tenants.migrate()).isZero();
        store.execute("select weir.set_tenant('tenant', '{3}')");
        assertThat(answer("tenant", "select sum(late_count) from weir.traffic_1min"))
                .isEqualTo("3003");
        store.execute("select weir.drop_tenant('tenant')");
        store.execute("drop role tenant");
        assertThat(store.row("select string_agg(tenant, ',') from weir.tenants()"))
                .isEqualTo("other");
        for (String grain : List.of("1min", "1min_late", "1hour", "1day")) {
            store.execute("delete from weir.http_request_" + grain);
        }
        store.execute("select weir.drop_tenant('other')");
    }

    @ParameterizedTest
    @CsvSource({
        "job, is a member of weir_writer",
        "dashboard, is a member of weir_reader",
        "postgres, is a superuser",
        "unbound, is not bound by row security",
        "partner, owns the tables"
    })
    void whoSeesAllSitesIsNoTenant(String role, String reason) throws SQLException {
        store.execute("create role unbound bypassrls");
        store.execute("create role keeper");
        store.execute("create role partner in role keeper");
        store.execute("alter table weir.http_request_1min owner to keeper");
        try {
            for (String function : List.of("set_tenant", "add_tenant")) {
                assertThatThrownBy(
                                () ->
                                        store.execute(
                                                "select weir.%s('%s', '{1}')"
                                                        .formatted(function, role)))
                        .hasMessageContaining(
                                "role " + role + " " + reason + " and cannot be a tenant");
            }
        } finally {
            store.execute("alter table weir.http_request_1min owner to postgres");
            store.execute("drop role unbound, partner, keeper");
        }
    }

    @Test
    void aPasswordIsAVerifierAndInNoError() throws SQLException {
        assertThatThrownBy(() -> store.execute("select weir.add_tenant('plain', '{1}', 's3cret')"))
                .hasMessageContaining("is not a SCRAM-SHA-256 verifier")
                .message()
                .doesNotContain("s3cret");
        assertThat(store.row("select count(*) from pg_roles where rolname = 'plain'"))
                .isEqualTo("0");

        store.execute("create role manager login createrole");
        store.execute("grant create on database postgres to manager");
        new SchemaMigration(store.server.jdbcUrl(), "manager", null, "own").migrate();
        String add = "select own.add_tenant('guest', '{1}', '" + TenantAttempts.VERIFIER + "')";
        as("manager", add);
        assertThat(store.row("select rolpassword from pg_authid where rolname = 'guest'"))
                .isEqualTo(TenantAttempts.VERIFIER);

        store.execute("alter role guest superuser");
        assertThatThrownBy(() -> as("manager", add))
                .hasMessageContaining("must be superuser")
                .message()
                .contains("add_tenant")
                .doesNotContain("SCRAM");
    }

    private static void as(String user, String statement) throws SQLException {
        try (Connection connection = connect(user);
                Statement command = connection.createStatement()) {
            command.execute(statement);
        }
    }

    private static String answer(String user, String query) throws SQLException {
        try (Connection connection = connect(user)) {
            return Store.row(connection, query);
        }
    }

    private static Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(store.server.jdbcUrl(), user, "");
    }
}
