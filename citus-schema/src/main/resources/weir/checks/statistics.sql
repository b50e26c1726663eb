-- EXPLAIN would show a tenant by them how much traffic others have.
select 'planner statistics of ${schema}.' || name, 'of bucket only', 'more in ' || min(attrelid::regclass::text),
       format('select ${schema}.hide_statistics(%L)', name)
from ${schema}.site_tables() as name
cross join lateral (select to_regclass('${schema}.' || name) as id
                    union select relid from pg_partition_tree(to_regclass('${schema}.' || name))) as tables
join pg_attribute on attrelid = tables.id
where attnum > 0 and not attisdropped and attname <> 'bucket' and attstattarget is distinct from 0
group by name
order by 1
