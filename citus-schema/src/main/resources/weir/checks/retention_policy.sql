-- A table without a row of retention_policy gets no partitions.
select format('retention_policy of %s', pg_class.oid::regclass), 'a row', 'none', 'insert it: maintain makes no partitions without it'
from pg_class
where relnamespace = '${schema}'::regnamespace and relkind = 'p' and not relispartition
  and relname in (select ${schema}.site_tables())
  and relname not in (select table_name from ${schema}.retention_policy)
order by 1
