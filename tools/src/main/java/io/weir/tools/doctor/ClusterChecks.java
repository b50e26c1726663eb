package io.weir.tools.doctor;

import io.weir.tools.text.Count;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether all nodes of a Citus cluster answer, and its shards keep their cores busy. */
final class ClusterChecks {

    private final Sql sql;
    private final Findings findings;

    ClusterChecks(Sql sql, Findings findings) {
        this.sql = sql;
        this.findings = findings;
    }

    /** On plain PostgreSQL there is nothing to see. */
    void run() throws SQLException {
        if (sql.holds("select exists (select from pg_extension where extname = 'citus')")) {
            nodes();
            shards();
        }
    }

    private void nodes() throws SQLException {
        for (List<String> node :
                sql.rows(
                        """
                        select nodename || ':' || nodeport, isactive, success, split_part(result, chr(10), 1)
                        from pg_dist_node left join run_command_on_all_nodes('select 1') using (nodeid)
                        where noderole = 'primary' order by nodeid
                        """)) {
            findings.check(
                    node.get(2).equals("t"),
                    "Citus node " + node.get(0),
                    "does not answer the coordinator (" + node.get(3) + ")",
                    "Start it; until then rows of its sites wait, see"
                            + " docs/operations.md#citus-worker");
            findings.check(
                    node.get(1).equals("t"),
                    "Citus node " + node.get(0),
                    "is not active",
                    "select citus_activate_node(..): see docs/operations.md#citus-worker");
        }
    }

    /** A question about all sites runs on as many cores of a worker as it has shards. */
    private void shards() throws SQLException {
        Map<String, Integer> shards = new HashMap<>();
        for (List<String> row :
                sql.rows(
                        """
                        select nodename || ':' || nodeport, count(*)
                        from pg_dist_shard join pg_dist_placement using (shardid)
                        join pg_dist_node using (groupid)
                        where logicalrelid = '$s.http_request_1min'::regclass and noderole = 'primary'
                        group by 1
                        """)) {
            shards.put(row.get(0), Integer.parseInt(row.get(1)));
        }
        for (List<String> row :
                sql.rows(
                        """
                        select nodename || ':' || nodeport, result
                        from run_command_on_workers($c$
                          select count(*) from regexp_matches(pg_read_file('/proc/cpuinfo'), '^processor', 'gn')
                        $c$) where success
                        """)) {
            int here = shards.getOrDefault(row.get(0), 0);
            int cores = Integer.parseInt(row.get(1));
            findings.check(
                    here >= cores,
                    "Citus node " + row.get(0),
                    "has %s and %s of http_request_1min"
                            .formatted(Count.of(cores, "core"), Count.of(here, "shard")),
                    here == 0
                            ? "select rebalance_table_shards(): see docs/operations.md#citus-worker"
                            : "More shards let it use all cores for questions about all sites:"
                                    + " choose them when the schema is made, see"
                                    + " citus-schema/README.md");
        }
    }
}
