-- The group roles must be there, and be bound by rights and row security.
select 'role ' || name, 'there', 'none', 'select ${schema}.grant_roles()'
from unnest(array['weir_writer', 'weir_reader']) as name
where name not in (select rolname from pg_roles)
union all
select 'role ' || rolname, 'bound by rights', concat_ws(', ', case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypassrls' end),
       format('alter role %s nosuperuser nobypassrls', rolname)
from pg_roles where rolname in ('weir_writer', 'weir_reader') and (rolsuper or rolbypassrls)
order by 1
