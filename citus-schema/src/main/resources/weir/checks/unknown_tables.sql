-- Notes the tables whose columns this version cannot judge.
select format('columns of %s: not checked, this version does not know the table', pg_class.oid::regclass)
from pg_class
where relnamespace = '${schema}'::regnamespace and relkind in ('r', 'p') and not relispartition
  and relname <> 'flyway_schema_history'
  and relname not in (select split_part(line, ' ', 1) from string_to_table(current_setting('weir.columns'), E'\n') as line
                      union all select ${schema}.site_tables())
order by 1
