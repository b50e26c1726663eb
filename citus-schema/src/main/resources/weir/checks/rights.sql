-- What the writer needs to write rows, and the reader to read them.
with wanted (rolname, relname, privilege) as (
  select 'weir_writer', name, privilege
  from ${schema}.site_tables() as name, unnest(array['SELECT', 'INSERT', 'UPDATE']) as privilege
  union all
  select 'weir_reader', name, 'SELECT' from ${schema}.site_tables() as name
  union all
  select name, 'retention_policy', 'SELECT' from unnest(array['weir_writer', 'weir_reader']) as name
  union all
  select 'weir_reader', relname, 'SELECT'
  from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v' and relname like 'traffic\_%'
)
select format('%s on %s', rolname, pg_class.oid::regclass), string_agg(privilege, ', '), 'not granted', 'select ${schema}.grant_roles()'
from wanted join pg_roles using (rolname) join pg_class using (relname)
where relnamespace = '${schema}'::regnamespace and not has_table_privilege(pg_roles.oid, pg_class.oid, privilege)
group by rolname, pg_class.oid
order by 1
