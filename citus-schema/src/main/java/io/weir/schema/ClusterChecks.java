package io.weir.schema;

import java.sql.SQLException;

/** What must be true of the schema on a Citus cluster, asked of the coordinator. */
final class ClusterChecks {

    private final Findings findings;

    ClusterChecks(Findings findings) {
        this.findings = findings;
    }

    void run() throws SQLException {
        if (!findings.holds("select exists (select from pg_extension where extname = 'citus')")) {
            findings.note("not distributed: no Citus");
            return;
        }
        coordinator();
        nodes();
        nodesTakeShards();
        nodesAnswer();
        distribution();
        siteTablesAreListed();
        referenceTables();
        shardCount();
        placements();
        shardsExist();
        metadata();
        extensions();
        functions();
        grants();
        recovery();
    }

    private void coordinator() throws SQLException {
        findings.check(
                "coordinator",
                """
                select 'this server', 'the coordinator', 'a worker', 'give the address of the coordinator'
                from pg_dist_local_group where groupid <> 0
                union all
                select 'coordinator', 'known to the workers', 'no node of group 0',
                       'select citus_set_coordinator_host(''its name'', 5432)'
                where exists (select from pg_dist_node) and not exists (select from pg_dist_node where groupid = 0)
                """);
    }

    private void nodes() throws SQLException {
        findings.check(
                "nodes",
                """
                select format('node %s:%s', nodename, nodeport), 'active, with metadata in sync',
                       concat_ws(', ', case when not isactive then 'not active' end,
                                       case when not hasmetadata then 'no metadata' end,
                                       case when not metadatasynced then 'metadata not in sync' end),
                       format('select citus_activate_node(%L, %s)', nodename, nodeport)
                from pg_dist_node
                where noderole = 'primary' and not (isactive and hasmetadata and metadatasynced)
                order by nodeid
                """);
    }

    private void nodesTakeShards() throws SQLException {
        findings.check(
                "shards on every worker",
                """
                select format('node %s:%s', nodename, nodeport), 'shouldhaveshards', 'not',
                       format('select citus_set_node_property(%L, %s, ''shouldhaveshards'', true)', nodename, nodeport)
                from pg_dist_node where noderole = 'primary' and groupid <> 0 and not shouldhaveshards
                order by nodeid
                """);
    }

    private void nodesAnswer() throws SQLException {
        findings.check(
                "nodes answer",
                """
                select format('node %s:%s', nodename, nodeport), 'an answer', split_part(result, chr(10), 1),
                       'start it, or let the coordinator in (pg_hba.conf, pg_dist_authinfo)'
                from run_command_on_all_nodes('select 1') join pg_dist_node using (nodeid)
                where not success order by nodeid
                """);
    }

    /** The group of most tables is the right one: so the odd one out is named, whichever it is. */
    private void distribution() throws SQLException {
        findings.check(
                "distribution",
                """
                with site_table as (
                  select name, to_regclass('${schema}.' || name) as id from ${schema}.site_tables() as name
                ), distributed as (
                  select logicalrelid as id, partmethod, colocationid,
                         case partmethod when 'h' then column_to_column_name(logicalrelid, partkey) end as key
                  from pg_dist_partition
                ), usual as (
                  select mode() within group (order by colocationid) as colocationid
                  from site_table join distributed using (id) where key = 'site_id'
                ), neighbour as (
                  select name from site_table join distributed using (id) join usual using (colocationid)
                  where key = 'site_id' order by name desc limit 1
                )
                select format('table %s', child.oid::regclass), 'distributed by site_id in the group of the others',
                       case when found.id is null then 'not distributed'
                            when partmethod <> 'h' then 'a reference table'
                            when key <> 'site_id' then 'distributed by ' || key
                            else format('colocation group %s, not %s', found.colocationid, usual.colocationid) end,
                       case when found.partmethod = 'h'
                            then format('select alter_distributed_table(''${schema}.%s'', distribution_column => ''site_id'', colocate_with => ''${schema}.%s''), ${schema}.grant_roles()',
                                        name, (select name from neighbour))
                            else case when found.id is not null then format('select undistribute_table(''${schema}.%s''); ', name) else '' end
                                 || format('select create_distributed_table(''${schema}.%s'', ''site_id'', %s), ${schema}.grant_roles()', name,
                                           coalesce(format('colocate_with => ''${schema}.%s''', (select name from neighbour)),
                                                    'colocate_with => ''none'', shard_count => 8')) end
                from site_table cross join usual
                cross join lateral (select id as oid where id is not null
                                    union all select inhrelid from pg_inherits where inhparent = id) as child
                left join distributed as found on found.id = child.oid
                where (found.partmethod, found.key, found.colocationid) is distinct from ('h', 'site_id', usual.colocationid)
                  -- The partitions follow their table: they are named only where they alone differ.
                  and (child.oid = site_table.id
                       or (found.partmethod, found.key, found.colocationid) is distinct from
                          (select (partmethod, key, colocationid) from distributed where distributed.id = site_table.id))
                order by 1
                """);
    }

    private void siteTablesAreListed() throws SQLException {
        findings.check(
                "tables keyed by site",
                """
                select 'table ' || logicalrelid, 'among ${schema}.site_tables()', 'not',
                       'run weir schema migrate; what is not Weir''s belongs into another schema'
                from pg_dist_partition join pg_class on pg_class.oid = logicalrelid
                where relnamespace = '${schema}'::regnamespace and partmethod = 'h' and not relispartition
                  and relname not in (select ${schema}.site_tables())
                order by 1
                """);
    }

    private void referenceTables() throws SQLException {
        findings.check(
                "reference tables",
                """
                select 'table ' || pg_class.oid::regclass, 'a reference table', case when logicalrelid is null then 'a local table' else 'another kind' end,
                       format('select create_reference_table(''%s'')', pg_class.oid::regclass)
                from pg_class left join pg_dist_partition on logicalrelid = pg_class.oid
                where relnamespace = '${schema}'::regnamespace and relkind = 'r' and relname in (${referenceTables})
                  and (partmethod, repmodel) is distinct from ('n', 't')
                order by 1
                """);
    }

    private void shardCount() throws SQLException {
        findings.check(
                "shard count",
                """
                with found as (
                  select logicalrelid, count(*) as shards
                  from pg_dist_shard join pg_dist_partition using (logicalrelid)
                  where partmethod = 'h'
                    and logicalrelid in (select to_regclass('${schema}.' || name) from ${schema}.site_tables() as name)
                  group by logicalrelid
                ), expected as (
                  select coalesce(${shards}, mode() within group (order by shards)) as shards from found
                )
                select 'table ' || logicalrelid, expected.shards || ' shards', found.shards::text,
                       format('select alter_distributed_table(''%s'', shard_count => %s, cascade_to_colocated => true), ${schema}.grant_roles()',
                              logicalrelid, expected.shards)
                from found cross join expected where found.shards <> expected.shards
                order by 1
                """);
    }

    private void placements() throws SQLException {
        findings.check(
                "shard placements",
                """
                select 'table ' || logicalrelid, 'every shard on an active node', count(*) || ' of its shards on none',
                       'activate or replace the node that is named above'
                from pg_dist_shard join pg_class on pg_class.oid = logicalrelid
                where relnamespace = '${schema}'::regnamespace and not relispartition
                  and not exists (
                    select from pg_dist_placement join pg_dist_node using (groupid)
                    where pg_dist_placement.shardid = pg_dist_shard.shardid
                      and shardstate = 1 and isactive and noderole = 'primary')
                group by logicalrelid
                order by 1
                """);
    }

    /** Every node looks for its own shards: it has the metadata. */
    private void shardsExist() throws SQLException {
        findings.check(
                "shards on their nodes",
                """
                select format('node %s:%s', nodename, nodeport), 'all its shards', 'missing ' || result,
                       'restore them from a backup'
                from run_command_on_all_nodes($query$
                  select string_agg(shard_name(logicalrelid, shardid), ', ' order by shardid)
                  from pg_dist_shard join pg_dist_placement using (shardid) join pg_dist_local_group using (groupid)
                  join pg_class on pg_class.oid = logicalrelid
                  join pg_namespace on pg_namespace.oid = relnamespace and nspname = '${schema}'
                  where to_regclass(shard_name(logicalrelid, shardid)) is null
                $query$) join pg_dist_node using (nodeid)
                where success and result <> '' order by nodeid
                """);
    }

    private void metadata() throws SQLException {
        sameOnEveryNode(
                "metadata",
                """
                select coalesce(jsonb_object_agg(relname, shards), '{}') from (
                  select relname, md5(string_agg(concat_ws(' ', shardid, shardminvalue, shardmaxvalue, groupid, colocationid), ',' order by shardid, groupid)) as shards
                  from pg_dist_partition join pg_dist_shard using (logicalrelid) join pg_dist_placement using (shardid)
                  join pg_class on pg_class.oid = logicalrelid
                  join pg_namespace on pg_namespace.oid = relnamespace and nspname = '${schema}'
                  group by relname) as tables
                """);
    }

    private void extensions() throws SQLException {
        findings.check(
                "extensions",
                """
                select format('node %s:%s', nodename, nodeport), here.versions, coalesce(nullif(result, ''), 'neither'),
                       'install the same packages on every node, then: alter extension citus update'
                from run_command_on_all_nodes($query$
                  select string_agg(extname || ' ' || extversion, ', ' order by extname)
                  from pg_extension where extname in ('citus', 'hll')
                $query$) join pg_dist_node using (nodeid),
                (select string_agg(extname || ' ' || extversion, ', ' order by extname) as versions
                 from pg_extension where extname in ('citus', 'hll')) as here
                where success and result is distinct from here.versions order by nodeid
                """);
    }

    /** Types by their bare names, so that the nodes' search paths do not matter. */
    private void functions() throws SQLException {
        sameOnEveryNode(
                "function",
                """
                select coalesce(jsonb_object_agg(name, definition), '{}') from (
                  select format('%s(%s)', proname, (select string_agg(typname, ',' order by place)
                                                    from unnest(proargtypes) with ordinality as argument (id, place)
                                                    join pg_type on pg_type.oid = id)) as name,
                         md5(concat_ws('|', prosrc, prokind, provolatile, proparallel, proisstrict, prosecdef, proconfig,
                                       (select typname from pg_type where oid = prorettype), proretset, proargnames,
                                       pg_get_expr(proargdefaults, 0),
                                       (select concat_ws('|', agginitval,
                                                         (select proname from pg_proc where oid = aggtransfn),
                                                         (select proname from pg_proc where oid = aggcombinefn),
                                                         (select proname from pg_proc where oid = aggfinalfn))
                                        from pg_aggregate where aggfnoid = pg_proc.oid))) as definition
                  from pg_proc join pg_namespace on pg_namespace.oid = pronamespace and nspname = '${schema}') as functions
                """);
    }

    private void grants() throws SQLException {
        sameOnEveryNode(
                "grants on",
                """
                select coalesce(jsonb_object_agg(relname, grants), '{}') from (
                  select relname, (select string_agg(format('%s %s', case grantee when 0 then 'public' else pg_get_userbyid(grantee) end, privilege_type), ', ' order by pg_get_userbyid(grantee)::text collate "C", privilege_type)
                                   from aclexplode(relacl) where grantee <> relowner) as grants
                  from pg_dist_partition join pg_class on pg_class.oid = logicalrelid
                  join pg_namespace on pg_namespace.oid = relnamespace and nspname = '${schema}') as tables
                """);
    }

    /**
     * @param subject stands before the name of what differs
     * @param query answers an object of names and what they are, as jsonb
     */
    private void sameOnEveryNode(String subject, String query) throws SQLException {
        findings.check(
                subject + " on all nodes",
                """
                with node as (
                  select format('%s:%s', nodename, nodeport) as name, nodeid, result::jsonb as things
                  from run_command_on_all_nodes($query$QUERY$query$) join pg_dist_node using (nodeid) where success
                ), here as (select (QUERY) as things)
                select format('SUBJECT %s on node %s', key, node.name), 'as on the coordinator',
                       case when not node.things ? key then 'none' when not here.things ? key then 'one more' else 'another' end,
                       case when here.things ? key then 'select start_metadata_sync_to_all_nodes()'
                            else 'drop it on that node, after: set citus.enable_ddl_propagation = off' end
                from node cross join here
                cross join lateral (select jsonb_object_keys(node.things || here.things) as key) as keys
                where node.things -> key is distinct from here.things -> key
                order by key, nodeid
                """
                        .replace("QUERY", query.strip())
                        .replace("SUBJECT", subject));
    }

    /**
     * Each node recovers what it had others prepare, by its own setting: the coordinator's counts
     * for whoever connects to it.
     */
    private void recovery() throws SQLException {
        findings.check(
                "recovery of prepared transactions",
                """
                select 'citus.recover_2pc_interval', 'up to 10s', current_setting('citus.recover_2pc_interval'),
                       'alter system set citus.recover_2pc_interval = ''5s''; select pg_reload_conf(); until a superuser has run both on the coordinator, and on each worker that clients connect to, a statement waits that long for what a killed worker had prepared; no restart is needed'
                from pg_settings
                where name = 'citus.recover_2pc_interval' and setting::int not between 1 and 10000
                """);
    }
}
