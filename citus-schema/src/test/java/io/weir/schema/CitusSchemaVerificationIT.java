package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.check.Finding;
import io.weir.check.Findings;
import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Breaks a healthy cluster by hand, in one place at a time. */
class CitusSchemaVerificationIT {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    /** Few partitions have to be there. */

    /** On a node of its own, what it does stays there. */
    private static final String ALONE =
            "set citus.enable_ddl_propagation = off; set citus.enable_metadata_sync = off;"
                    + " set citus.enable_manual_changes_to_shards = on; ";

    private record Node(String host, int port) {

        @Override
        public String toString() {
            return "node " + host + ":" + port;
        }

        /** By way of the coordinator: a worker may be out of reach from here. */
        void execute(String sql) throws SQLException {
            assertThat(
                            ask(
                                    "select success || ' ' || result from master_run_on_worker(array['%s'],"
                                                    .formatted(host)
                                            + " array[%d], array[$sql$%s$sql$], false)"
                                                    .formatted(port, ALONE + sql)))
                    .startsWith("true");
        }
    }

    @BeforeAll
    static void aHealthyClusterShowsNothing() throws SQLException {
        assertThat(migration().migrate()).isPositive();
        execute("update weir.retention_policy set partitions_ahead = 1");
        execute("call weir.maintain()");

        Findings findings = verify(2);
        assertThat(findings.found()).isEmpty();
        assertThat(findings.notes()).noneMatch(note -> note.contains("Citus"));
        assertThat(findings.checks()).isGreaterThan(25);
    }

    @Test
    void namesEveryTableOfAnotherShardCount() {
        assertThat(verify(8).found())
                .extracting(Finding::toString)
                .filteredOn(line -> line.contains("expected 8 shards, found 2: select alter_dis"))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .contains(
                        "table weir.http_request_1day",
                        "table weir.http_request_1hour",
                        "table weir.http_request_1min");
    }

    @Test
    void theShardCountIsThatOfTheFirstMigration() {
        assertThat(migration().liveShards()).hasValue(2);

        assertThat(migration().withShards(16).migrate()).isZero();

        assertThat(migration().liveShards()).hasValue(2);
        assertThat(verify(null).found()).isEmpty();
    }

    /** What is broken on the coordinator, the finding, and how it is fixed if not by the remedy. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    select undistribute_table('weir.http_request_1hour') | table weir.http_request_1hour: expected distributed by site_id in the group of the others, found not distributed |
                    select alter_distributed_table('weir.http_request_1day', colocate_with => 'none') | table weir.http_request_1day: expected distributed by site_id in the group of the others, found colocation group |
                    select alter_distributed_table('weir.http_request_1min', colocate_with => 'none') | table weir.http_request_1min: expected distributed by site_id in the group of the others, found colocation group |
                    select alter_distributed_table('weir.http_request_1day', shard_count => 6, cascade_to_colocated => false) | table weir.http_request_1day: expected 2 shards, found 6 |
                    select alter_distributed_table('weir.http_request_1day_late', colocate_with => 'none') | table weir.http_request_1day_late: expected distributed by site_id in the group of the others, found colocation group |
                    select undistribute_table('weir.retention_policy') | table weir.retention_policy: expected a reference table, found a local table |
                    create table weir.other (site_id int primary key); select create_distributed_table('weir.other', 'site_id') | table weir.other: expected among weir.site_tables(), found not | drop table weir.other
                    alter system set citus.recover_2pc_interval = '1min'; select pg_reload_conf() | citus.recover_2pc_interval: expected at most 10s, found 1min |
                    alter system set citus.recover_2pc_interval = -1; select pg_reload_conf() | citus.recover_2pc_interval: expected at most 10s, found -1 |
                    """)
    void namesWhatTheCoordinatorHoldsWrong(String wrong, String finding, @Nullable String fix)
            throws SQLException {
        executeEach(wrong);

        Finding found = awaitFinding(finding);

        if (fix == null) {
            fix(found);
        } else {
            execute(fix);
        }
    }

    @Test
    void namesTheNodeThatIsNotActive() throws SQLException {
        Node node = worker(2);
        execute("update pg_dist_node set isactive = false where groupid = 2");

        Finding finding = awaitFinding(node + ": expected active");
        awaitFinding(
                "table weir.http_request_1min: expected every shard on an active node, found 1");

        fix(finding);
    }

    @Test
    void namesTheNodeThatTakesNoShards() throws SQLException {
        Node node = worker(1);
        execute(
                "select citus_set_node_property('%s', %d, 'shouldhaveshards', false)"
                        .formatted(node.host(), node.port()));

        fix(awaitFinding(node + ": expected shouldhaveshards, found not"));
    }

    /** What is broken on a worker, the finding, and what is done on the worker to fix it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    drop function weir.ensure_partitions | function ensure_partitions(text,timestamptz,timestamptz) on NODE: expected as on the coordinator, found none |
                    alter function weir.jsonb_sum_final volatile | function jsonb_sum_final(_jsonb) on NODE: expected as on the coordinator, found another |
                    create or replace function weir.site_tables() returns setof text language sql immutable parallel safe as 'select null::text' | function site_tables() on NODE: expected as on the coordinator, found another |
                    create function weir.stray(int) returns int language sql as 'select 1' | function stray(int4) on NODE: expected as on the coordinator, found one more | drop function weir.stray
                    revoke select on weir.http_request_1day from weir_reader | grants on http_request_1day on NODE: expected as on the coordinator, found another | grant select on weir.http_request_1day to weir_reader
                    grant delete on weir.http_request_1min to weir_writer | grants on http_request_1min on NODE: expected as on the coordinator, found another | revoke delete on weir.http_request_1min from weir_writer
                    update pg_extension set extversion = '0.1' where extname = 'hll' | NODE: expected citus | update pg_extension set extversion = (select default_version from pg_available_extensions where name = 'hll') where extname = 'hll'
                    update pg_dist_shard set shardminvalue = '7' where logicalrelid = 'weir.http_request_1day'::regclass and shardmaxvalue = '2147483647' | metadata http_request_1day on NODE: expected as on the coordinator, found another |
                    """)
    void namesTheNodeThatHoldsAnother(String wrong, String finding, @Nullable String fix)
            throws SQLException {
        Node node = worker(1);
        node.execute(wrong);

        Finding found = awaitFinding(finding.replace("NODE", node.toString()));

        if (fix == null) {
            fix(found);
        } else {
            node.execute(fix);
        }
    }

    @Test
    void namesTheShardThatIsGone() throws SQLException {
        Node node = worker(1);
        String shard =
                ask(
                        "select shard_name(logicalrelid, shardid) from pg_dist_shard where"
                                + " logicalrelid = 'weir.retention_policy'::regclass");
        node.execute("alter table " + shard + " rename to lost");

        awaitFinding(node + ": expected all its shards, found missing " + shard);

        node.execute("alter table weir.lost rename to " + shard.substring("weir.".length()));
    }

    @Test
    void saysThatAWorkerIsNotTheCoordinator() throws SQLException {
        Node node = worker(1);
        assumeTrue(node.host().equals("127.0.0.1"), "workers in containers are out of reach");
        String url = "jdbc:postgresql://%s:%d/postgres".formatted(node.host(), node.port());
        SchemaMigration there = new SchemaMigration(url, CITUS.user(), null, "weir");

        assertThat(new SchemaVerification(there, null).run().found())
                .extracting(Finding::toString)
                .contains(
                        "this server: expected the coordinator, found a worker: give the address of"
                                + " the coordinator");
    }

    private static SchemaMigration migration() {
        return CitusSchema.of(CITUS);
    }

    private static Findings verify(@Nullable Integer shards) {
        return new SchemaVerification(migration(), shards).run();
    }

    /** Configuration and nodes change a moment after the command that changes them. */
    private static Finding awaitFinding(String beginning) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                verify(null).found().stream()
                                        .filter(f -> f.toString().startsWith(beginning))
                                        .toList(),
                        found -> found.size() == 1)
                .get(0);
    }

    /** Every remedy worked. */
    @AfterAll
    static void allIsFixed() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(verify(null).found()).isEmpty());
    }

    /** The remedy up to its reason, statement by statement: some stand alone in a transaction. */
    private static void fix(Finding finding) throws SQLException {
        executeEach(finding.remedy().replaceFirst("; until .*", ""));
    }

    private static Node worker(int number) throws SQLException {
        String node =
                ask(
                        "select nodename || ' ' || nodeport from pg_dist_node where groupid = "
                                + number);
        String[] parts = node.split(" ", -1);
        return new Node(parts[0], Integer.parseInt(parts[1]));
    }

    private static void executeEach(String statements) throws SQLException {
        for (String statement : statements.split("; ", -1)) {
            execute(statement);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = CITUS.connect()) {
            return Store.row(connection, sql);
        }
    }
}
