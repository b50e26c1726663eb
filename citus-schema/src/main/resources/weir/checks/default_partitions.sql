-- A default partition takes the rows of partitions that are missing, and every new one is checked against
-- them under a lock.
select 'table ' || partrelid::regclass, 'no default partition', partdefid::regclass::text,
       'move its rows out and drop it: ensure_partitions must look through it'
from pg_partitioned_table join pg_class on pg_class.oid = partrelid
where relnamespace = '${schema}'::regnamespace and partdefid <> 0
order by 1
