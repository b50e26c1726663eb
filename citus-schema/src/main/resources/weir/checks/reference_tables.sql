-- Every node joins with the small tables: each needs a whole copy.
select 'table ' || pg_class.oid::regclass, 'a reference table', case when logicalrelid is null then 'a local table' else 'another kind' end,
       format('select create_reference_table(''%s'')', pg_class.oid::regclass)
from pg_class left join pg_dist_partition on logicalrelid = pg_class.oid
where relnamespace = '${schema}'::regnamespace and relkind = 'r' and relname in ('grain', 'intake_partition', 'measure', 'retention_policy', 'site', 'site_host', 'top_site_config', 'top_site_election', 'traffic_table', 'view_definition')
  and (partmethod, repmodel) is distinct from ('n', 't')
order by 1
