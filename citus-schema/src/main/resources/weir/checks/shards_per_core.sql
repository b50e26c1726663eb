-- A question about all sites runs on as many cores of a worker as it has shards.
select 'Citus node ' || name,
       format('has %s core%s and %s shard%s of http_request_1min', cores, case cores when 1 then '' else 's' end,
              shards, case shards when 1 then '' else 's' end),
       case shards when 0
         then 'select rebalance_table_shards(): see docs/operations.md#citus-worker'
         else 'More shards let it use all cores for questions about all sites: choose them when the schema is made,'
              || ' see citus-schema/README.md' end
from (
  select format('%s:%s', nodename, nodeport) as name, result::int as cores,
         (select count(*) from pg_dist_shard join pg_dist_placement using (shardid)
          where logicalrelid = '${schema}.http_request_1min'::regclass and pg_dist_placement.groupid = pg_dist_node.groupid) as shards
  from run_command_on_workers($command$
    select count(*) from regexp_matches(pg_read_file('/proc/cpuinfo'), '^processor', 'gn')
  $command$) join pg_dist_node using (nodename, nodeport)
  where success
) as worker
where shards < cores
order by 1
