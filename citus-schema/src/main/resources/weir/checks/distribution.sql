-- All tables by site lie in one colocation group, so that a site's rows are on one node and joins stay there.
-- The group of most tables is the right one: so the odd one out is named, whichever it is.
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
