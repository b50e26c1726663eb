-- A table without a row of retention_policy gets no partitions. Late rows that are dropped before those beside them
-- are missing in all sums.
select format('retention_policy of %s', pg_class.oid::regclass), 'a row', 'none', 'insert it: maintain makes no partitions without it'
from pg_class
where relnamespace = '${schema}'::regnamespace and relkind = 'p' and not relispartition
  and relname in (select ${schema}.site_tables())
  and relname not in (select table_name from ${schema}.retention_policy)
union all
select format('retention_policy of ${schema}.%s', late.table_name), format('keeps what %s keeps, %s', main.table_name, coalesce(main.keep::text, 'all')),
       late.keep::text, format('update ${schema}.retention_policy set keep = %s where table_name = %L', coalesce(quote_literal(main.keep), 'null'), late.table_name)
from ${schema}.traffic_table
join ${schema}.retention_policy as late using (table_name)
join ${schema}.retention_policy as main on main.table_name = late_of
where late.keep < main.keep or late.keep is not null and main.keep is null
order by 1
