-- Partitions that rows may need now or soon: without one the job cannot write. The hour is maintain's settle.
select 'partitions of ${schema}.' || parent,
       format('every one from %s to %s', date_trunc('day', now() - current_setting('weir.max_age')::interval - interval '1 hour')::date, max(upper_bound)::date),
       format('%s missing: %s', count(*), string_agg(relation, ', ' order by lower_bound)),
       'weir maintain, and again every ten minutes'
from ${schema}.maintenance_due(current_setting('weir.max_age')::interval, interval '1 hour', now())
where action = 'make' group by parent order by 1
