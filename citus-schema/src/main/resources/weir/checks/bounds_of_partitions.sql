-- Partitions made by hand whose bounds are not those of a day, month or year of UTC overlap those that
-- maintain makes.
select 'partition ' || child.oid::regclass,
       format('from midnight UTC to midnight UTC by the %s', coalesce(partition_span, 'day')), bounds,
       format('move its rows out, drop it, and have it made by ${schema}.ensure_partitions(''%s'', ..)', parent.relname)
from pg_inherits join pg_class as parent on parent.oid = inhparent
join pg_class as child on child.oid = inhrelid
left join ${schema}.retention_policy on table_name = parent.relname
cross join lateral pg_get_expr(child.relpartbound, child.oid) as bounds
cross join lateral (select substring(bounds from 'FROM \(''([^'']+)''\)')::timestamptz as first,
                           substring(bounds from 'TO \(''([^'']+)''\)')::timestamptz as last) as range
where parent.relnamespace = '${schema}'::regnamespace and parent.relkind = 'p' and bounds <> 'DEFAULT'
  and (first is distinct from date_trunc(coalesce(partition_span, 'day'), first)
       or last is distinct from date_trunc(coalesce(partition_span, 'day'), last)
       or first is null or last is null)
order by 1
