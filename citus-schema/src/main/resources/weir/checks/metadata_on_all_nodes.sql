-- Any node may plan a query: all must agree on where the shards are.
select coalesce(jsonb_object_agg('metadata ' || relname, shards), '{}') from (
  select relname, md5(string_agg(concat_ws(' ', shardid, shardminvalue, shardmaxvalue, groupid, colocationid), ',' order by shardid, groupid)) as shards
  from pg_dist_partition join pg_dist_shard using (logicalrelid) join pg_dist_placement using (shardid)
  join pg_class on pg_class.oid = logicalrelid
  join pg_namespace on pg_namespace.oid = relnamespace and nspname = '${schema}'
  group by relname) as tables
