-- Every node looks for its own shards: it has the metadata.
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
