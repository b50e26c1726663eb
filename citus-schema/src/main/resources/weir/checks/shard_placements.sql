-- A shard without an active node can be neither read nor written.
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
