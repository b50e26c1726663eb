package io.weir.benchmarks.contestants;

import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** A script of Flink SQL: tables, functions, and inserts that run as one job. */
final class FlinkSqlJob implements Contestant {

    private final Assignment assignment;
    private final PeerTables tables;
    private final String script;

    /**
     * @param name of the schema and of the script
     */
    FlinkSqlJob(Assignment assignment, String name) {
        this.assignment = assignment;
        this.tables = new PeerTables(assignment, name);
        this.script =
                PeerTables.file(name)
                        .replace("${kafka}", assignment.bootstrapServers())
                        .replace("${topic}", Assignment.TOPIC)
                        .replace("${url}", assignment.jdbcUrl())
                        .replace("${user}", assignment.user());
    }

    @Override
    public void prepare() throws Exception {
        tables.make();
    }

    @Override
    public Effort count() throws Exception {
        StreamExecutionEnvironment environment = FlinkRun.environment(assignment);
        StreamTableEnvironment sql = StreamTableEnvironment.create(environment);
        sql.getConfig().setLocalTimeZone(ZoneOffset.UTC);
        StatementSet inserts = sql.createStatementSet();
        statements()
                .forEach(
                        statement -> {
                            if (statement.startsWith("insert")) {
                                inserts.addInsertSql(statement);
                            } else {
                                sql.executeSql(statement);
                            }
                        });
        Stopwatch watch = FlinkRun.untilEnd(inserts.execute().getJobClient().orElseThrow());
        return watch.effort(tables.requestsIn("http_request_1min"));
    }

    private Stream<String> statements() {
        return Stream.of(script.split(";\\s*", -1)).filter(statement -> !statement.isBlank());
    }
}
