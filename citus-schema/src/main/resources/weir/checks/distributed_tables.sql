-- As tables_by_site.sql, for a table that is distributed and has no partitions.
select 'table ' || logicalrelid, 'among ${schema}.site_tables()', 'not',
       'run weir schema migrate; what is not Weir''s belongs in another schema'
from pg_dist_partition join pg_class on pg_class.oid = logicalrelid
where relnamespace = '${schema}'::regnamespace and partmethod = 'h' and not relispartition
  and relname not in (select ${schema}.site_tables())
order by 1
