-- A table by site that site_tables() leaves out gets neither rights nor row security nor partitions.
select 'table ' || pg_class.oid::regclass, 'among ${schema}.site_tables()', 'not',
       'run weir schema migrate; what is not Weir''s belongs in another schema'
from pg_class join pg_attribute on attrelid = pg_class.oid
where relnamespace = '${schema}'::regnamespace and relkind = 'p' and not relispartition
  and attname = 'site_id' and not attisdropped
  and relname not in (select ${schema}.site_tables())
order by 1
