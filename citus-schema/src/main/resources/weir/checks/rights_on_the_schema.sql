-- Both roles use the schema, neither makes anything in it.
select rolname || ' on schema ${schema}', 'USAGE', 'not granted', 'select ${schema}.grant_roles()'
from pg_roles
where rolname in ('weir_writer', 'weir_reader') and not has_schema_privilege(rolname, '${schema}', 'USAGE')
union all
select rolname || ' on schema ${schema}', 'no CREATE', 'granted', format('revoke create on schema ${schema} from %s, public', rolname)
from pg_roles
where rolname in ('weir_writer', 'weir_reader') and not rolsuper and has_schema_privilege(rolname, '${schema}', 'CREATE')
order by 1
