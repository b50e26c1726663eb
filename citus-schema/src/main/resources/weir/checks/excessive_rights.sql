-- Rows are written through the tables by site only, and never removed by a writer.
select format('%s on %s', rolname, pg_class.oid::regclass), 'no ' || string_agg(privilege, ', '), 'granted',
       format('revoke %s on %s from %s, public', string_agg(privilege, ', '), pg_class.oid::regclass, rolname)
from pg_roles cross join pg_class
cross join unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as privilege
where rolname in ('weir_writer', 'weir_reader') and not rolsuper
  and relnamespace = '${schema}'::regnamespace and relkind in ('r', 'p', 'v')
  and has_table_privilege(rolname, pg_class.oid, privilege)
  and not (rolname = 'weir_writer' and privilege in ('INSERT', 'UPDATE') and relname in (select ${schema}.site_tables()))
  and not (rolname = 'weir_writer' and privilege = 'INSERT' and relname = 'top_site_election')
  and not (rolname = 'weir_writer' and privilege in ('INSERT', 'UPDATE') and relname = 'intake_partition')
group by rolname, pg_class.oid
order by 1
