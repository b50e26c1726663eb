-- Every table has as many shards as was asked for, or as most others have.
with found as (
  select logicalrelid, count(*) as shards
  from pg_dist_shard join pg_dist_partition using (logicalrelid)
  where partmethod = 'h'
    and logicalrelid in (select to_regclass('${schema}.' || name) from ${schema}.site_tables() as name)
  group by logicalrelid
), expected as (
  select coalesce(nullif(current_setting('weir.shards'), '')::int, mode() within group (order by shards)) as shards from found
)
select 'table ' || logicalrelid, expected.shards || ' shards', found.shards::text,
       format('select alter_distributed_table(''%s'', shard_count => %s, cascade_to_colocated => true), ${schema}.grant_roles()',
              logicalrelid, expected.shards)
from found cross join expected where found.shards <> expected.shards
order by 1
