-- Columns that are missing, of another type, or not Weir's. The stand-in for the extension hll checks its
-- parameters by a constraint, not by its type.
with expected as (
  select to_regclass('${schema}.' || part[1]) as id, part[2] as column_name,
         case when to_regtype('${schema}.hll') is null then part[3] else replace(part[3], 'hll(11,5,0,1)', 'hll') end as type
  from string_to_table(current_setting('weir.columns'), E'\n') as line,
       regexp_match(line, '^(\S+) (\S+) (.+)$') as part
  union all
  select to_regclass('${schema}.' || table_name), column_name, type from ${schema}.traffic_table_columns()
), found as (
  select attrelid as id, attname as column_name,
         regexp_replace(format_type(atttypid, atttypmod), '^\w+\.', '')
         || case when attnotnull then ' not null' else '' end as type
  from pg_attribute
  where attrelid in (select id from expected) and attnum > 0 and not attisdropped
)
select format('column %s.%s', id::regclass, column_name), coalesce(expected.type, 'none'), coalesce(found.type, 'none'),
       'alter the table'
from expected full join found using (id, column_name)
where expected.type is distinct from found.type and id is not null
order by 1
