package io.weir.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Collectors;

/** What must be true of tables and partitions on any store. */
final class StoreChecks {

    private static final String COLUMNS = "/weir/verify/columns.txt";

    private final Findings findings;
    private final String expectedColumns = expectedColumns();

    StoreChecks(Findings findings) {
        this.findings = findings;
    }

    void run() throws SQLException {
        tables();
        columns();
        unknownTables();
        siteTablesAreListed();
        policies();
        missingPartitions();
        expiredPartitions();
        bounds();
        defaultPartitions();
        views();
    }

    private void tables() throws SQLException {
        findings.check(
                "tables",
                """
                select 'table ${schema}.' || name, 'there', 'none', 'restore it from a backup: a migration runs once'
                from (select table_name from (values %s) as expected (table_name, column_name, type)
                      union select ${schema}.site_tables()) as expected (name)
                where to_regclass('${schema}.' || name) is null
                order by 1
                """
                        .formatted(expectedColumns));
    }

    /** The stand-in for the extension hll has its parameters in a check of its own. */
    private void columns() throws SQLException {
        findings.check(
                "columns",
                """
                with expected as (
                  select to_regclass('${schema}.' || table_name) as id, column_name,
                         case when to_regtype('${schema}.hll') is null then type else replace(type, 'hll(11,5,0,1)', 'hll') end as type
                  from (values %s) as expected (table_name, column_name, type)
                ), found as (
                  select attrelid as id, attname as column_name,
                         regexp_replace(format_type(atttypid, atttypmod), '^\\w+\\.', '')
                         || case when attnotnull then ' not null' else '' end as type
                  from pg_attribute
                  where attrelid in (select id from expected) and attnum > 0 and not attisdropped
                )
                select format('column %%s.%%s', id::regclass, column_name), coalesce(expected.type, 'none'), coalesce(found.type, 'none'),
                       'alter the table'
                from expected full join found using (id, column_name)
                where expected.type is distinct from found.type and id is not null
                order by 1
                """
                        .formatted(expectedColumns));
    }

    private void unknownTables() throws SQLException {
        findings.notes(
                """
                select format('columns of %%s: not checked, this version does not know the table', pg_class.oid::regclass)
                from pg_class
                where relnamespace = '${schema}'::regnamespace and relkind in ('r', 'p') and not relispartition
                  and relname <> 'flyway_schema_history'
                  and relname not in (select table_name from (values %s) as expected (table_name, column_name, type))
                order by 1
                """
                        .formatted(expectedColumns));
    }

    private void siteTablesAreListed() throws SQLException {
        findings.check(
                "tables by site",
                """
                select 'table ' || pg_class.oid::regclass, 'among ${schema}.site_tables()', 'not',
                       'run weir schema migrate; what is not Weir''s belongs into another schema'
                from pg_class join pg_attribute on attrelid = pg_class.oid
                where relnamespace = '${schema}'::regnamespace and relkind = 'p' and not relispartition
                  and attname = 'site_id' and not attisdropped
                  and relname not in (select ${schema}.site_tables())
                order by 1
                """);
    }

    private void policies() throws SQLException {
        findings.check(
                "retention policy",
                """
                select format('retention_policy of %s', pg_class.oid::regclass), 'a row', 'none', 'insert it: maintain makes no partition without'
                from pg_class
                where relnamespace = '${schema}'::regnamespace and relkind = 'p' and not relispartition
                  and relname in (select ${schema}.site_tables())
                  and relname not in (select table_name from ${schema}.retention_policy)
                order by 1
                """);
    }

    private void missingPartitions() throws SQLException {
        findings.check(
                "partitions",
                """
                select 'partitions of ${schema}.' || parent,
                       format('every one from %s to %s', date_trunc('day', now() - ${maxAge} - ${settle})::date, max(upper_bound)::date),
                       format('%s missing: %s', count(*), string_agg(relation, ', ' order by lower_bound)),
                       'weir maintain, and again every ten minutes'
                from ${schema}.maintenance_due(${maxAge}, ${settle}, now())
                where action = 'make' group by parent order by 1
                """);
    }

    /**
     * A day late: the last run of maintain may have been just before it was due. By their names
     * partitions sort as by their times.
     */
    private void expiredPartitions() throws SQLException {
        findings.check(
                "expired partitions",
                """
                select 'partitions of ${schema}.' || parent, action || ' done a day ago',
                       format('%s still due: %s', count(*), concat_ws(' to ', min(relation), nullif(max(relation), min(relation)))),
                       'weir maintain, and again every ten minutes'
                from ${schema}.maintenance_due(${maxAge}, ${settle}, now() - interval '1 day')
                where action <> 'make' group by parent, action order by parent, action
                """);
    }

    private void bounds() throws SQLException {
        findings.check(
                "bounds of partitions",
                """
                select 'partition ' || child.oid::regclass,
                       format('from midnight UTC to midnight UTC by the %s', coalesce(partition_span, 'day')), bounds,
                       format('move its rows away, drop it, and have it made by ${schema}.ensure_partitions(''%s'', ..)', parent.relname)
                from pg_inherits join pg_class as parent on parent.oid = inhparent
                join pg_class as child on child.oid = inhrelid
                left join ${schema}.retention_policy on table_name = parent.relname
                cross join lateral pg_get_expr(child.relpartbound, child.oid) as bounds
                cross join lateral (select substring(bounds from 'FROM \\(''([^'']+)''\\)')::timestamptz as first,
                                           substring(bounds from 'TO \\(''([^'']+)''\\)')::timestamptz as last) as range
                where parent.relnamespace = '${schema}'::regnamespace and parent.relkind = 'p' and bounds <> 'DEFAULT'
                  and (first is distinct from date_trunc(coalesce(partition_span, 'day'), first)
                       or last is distinct from date_trunc(coalesce(partition_span, 'day'), last)
                       or first is null or last is null)
                order by 1
                """);
    }

    private void defaultPartitions() throws SQLException {
        findings.check(
                "default partitions",
                """
                select 'table ' || partrelid::regclass, 'no default partition', partdefid::regclass::text,
                       format('move its rows away and drop it: ensure_partitions must look through it')
                from pg_partitioned_table join pg_class on pg_class.oid = partrelid
                where relnamespace = '${schema}'::regnamespace and partdefid <> 0
                order by 1
                """);
    }

    private void views() throws SQLException {
        findings.check(
                "views",
                """
                select 'view ' || pg_class.oid::regclass, 'security_invoker', 'the rights of its owner',
                       format('alter view %s set (security_invoker = true)', pg_class.oid::regclass)
                from pg_class
                where relnamespace = '${schema}'::regnamespace and relkind = 'v'
                  and not coalesce(reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
                order by 1
                """);
    }

    /** A line is a table, a column and its type. */
    private static String expectedColumns() {
        try (InputStream file =
                        Objects.requireNonNull(
                                StoreChecks.class.getResourceAsStream(COLUMNS), COLUMNS);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +", 3))
                    .map(parts -> "('" + String.join("', '", parts) + "')")
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
