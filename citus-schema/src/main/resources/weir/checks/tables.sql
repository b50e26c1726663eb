-- A table that is missing stays missing: the script that made it runs once.
select 'table ${schema}.' || name, 'there', 'none', 'restore it from a backup: a migration runs once'
from (select split_part(line, ' ', 1) from string_to_table(current_setting('weir.columns'), E'\n') as line
      union select ${schema}.site_tables()) as expected (name)
where to_regclass('${schema}.' || name) is null
order by 1
