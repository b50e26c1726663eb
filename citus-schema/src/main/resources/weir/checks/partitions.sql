-- Partitions that rows may need now or soon: without one the job waits until the schema has made it.
select 'partitions of ${schema}.' || parent,
       format('every one from %s to %s', (select greatest(now() - interval '7 days 1 hour', now() - keep)::date from ${schema}.retention_policy where table_name = parent), max(upper_bound)::date),
       format('%s missing: %s', count(*), string_agg(relation, ', ' order by lower_bound)),
       'weir maintain, and again every ten minutes'
from ${schema}.maintenance_due()
where action = 'make' group by parent order by 1
