package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.rig.Typed;
import io.weir.testing.CitusExtension;
import io.weir.tools.send.GeneratedRequests;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The job leaves the same rows on a Citus cluster as on plain PostgreSQL. */
class CitusJobIT {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    private static final int REQUESTS = 20_000;
    private static final int SITES = 20;
    private static final int PARTITIONS = 4;
    private static final Instant END = GeneratedRequests.END_OF_SEEDED;
    private static final Duration SPAN = Duration.ofHours(3);

    /** The stand-in for the extension hll prints its bytes as bytea, as hll_send answers them. */
    private static final String CELLS =
            "site_id, bucket, "
                    + Measure.ALL.stream().map(CitusJobIT::cell).collect(Collectors.joining(", "))
                    + ", is_whole, is_final";

    private static final String CELLS_OF_VIEWS =
            """
            site_id, view_id, bucket, request_count, error_count, bytes_sum, timed_count, response_time_sum_usec, \
            %1$s.hll_send(distinct_keys), is_exact, unlisted_max, keys, second_keys, request_counts, missed_counts, \
            error_counts, bytes_sums, timed_counts, response_time_sums_usec, is_whole, is_final""";

    @Test
    void everyCellIsThatOfPlainPostgres(@TempDir Path folder) throws Exception {
        try (Stack stack = Stack.start(folder);
                FlinkCluster flink = FlinkCluster.start(folder, 2)) {
            Map<String, List<String>> plain = rowsOfARun(stack, flink, "plain", "plain");
            stack.useDatabase(CITUS.jdbcUrl());
            Map<String, List<String>> distributed = rowsOfARun(stack, flink, "cluster", "public");

            assertThat(
                            stack.query(
                                    "select logicalrelid from pg_dist_partition where"
                                            + " logicalrelid = 'cluster.http_request_1min'::regclass"))
                    .hasSize(1);
            for (Grain grain : Grain.values()) {
                assertThat(distributed.get(grain.table()))
                        .as(grain.table())
                        .hasSizeGreaterThanOrEqualTo(SITES);
            }
            assertThat(distributed).isEqualTo(plain);
            assertThat(distributed.get("breakdown_1hour")).hasSizeGreaterThanOrEqualTo(3 * SITES);
            assertThat(distributed.get("breakdown_1day")).hasSizeGreaterThanOrEqualTo(SITES);
            assertThat(distributed.get("top")).hasSize(11).isEqualTo(plain.get("top"));
            recountAgrees(stack, folder);
        }
    }

    private static void recountAgrees(Stack stack, Path folder) throws Exception {
        stack.execute("update cluster.retention_policy set keep = null");
        Path configuration =
                Files.writeString(
                        folder.resolve("job.properties"),
                        """
                        kafka.bootstrap-servers = %s
                        kafka.topic = cluster
                        event-time.max-age = off
                        store.url = %s
                        store.user = nobody
                        store.schema = cluster
                        """
                                .formatted(stack.bootstrapServers(), stack.jdbcUrl()));
        Typed typed = Typed.at(stack.jdbcUrl(), stack.databaseUser());

        int exitCode =
                typed.weir(
                        "recount",
                        "--config",
                        configuration.toString(),
                        "--from",
                        END.minus(SPAN).toString(),
                        "--to",
                        END.toString());

        assertThat(exitCode).as(typed.out() + typed.err()).isZero();
        assertThat(typed.out())
                .contains(
                        "compared %,d minutes, "
                                .formatted(stack.rows("cluster", Grain.MINUTE).size()));
    }

    private static Map<String, List<String>> rowsOfARun(
            Stack stack, FlinkCluster flink, String name, String schemaOfHll) throws Exception {
        Run run = new Run(stack, name, PARTITIONS, END.minus(SPAN), END);
        // so many keys that all are followed: only then does the order of requests not matter
        stack.execute(
                "select %s.define_view('pages', 'url_path', top_entries => 1000)".formatted(name));
        run.send(new GeneratedRequests(REQUESTS, SITES, SPAN, 1, END));
        JobID job = flink.run(run.options(), 2);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
        Map<String, List<String>> rows = new HashMap<>();
        for (Grain grain : Grain.values()) {
            rows.put(
                    grain.table(),
                    stack.query(
                            "select row(%s)::text from %s.%s order by site_id, bucket"
                                    .formatted(CELLS.formatted(schemaOfHll), name, grain.table())));
        }
        for (String table : List.of("breakdown_1hour", "breakdown_1day")) {
            rows.put(
                    table,
                    stack.query(
                            "select row(%s)::text from %s.%s order by site_id, view_id, bucket"
                                    .formatted(
                                            CELLS_OF_VIEWS.formatted(schemaOfHll), name, table)));
        }
        rows.put(
                "top",
                stack.query(
                        "select row(t)::text from %s.top('pages', 1, '%s', '%s') as t"
                                .formatted(name, END.minus(SPAN), END)));
        return rows;
    }

    private static String cell(Measure measure) {
        return measure.kind() == Measure.Kind.DISTINCT
                ? "%1$s.hll_send(" + measure.column() + ")"
                : measure.column();
    }
}
