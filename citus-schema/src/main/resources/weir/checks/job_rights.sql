-- Asked as the job: it writes rows and reads what it wrote, and row security must not hide any from it.
select 'user ' || current_user, 'may not write to ' || string_agg(name, ', ' order by name),
       'As the owner: grant weir_writer to ' || current_user
from ${schema}.site_tables() as name, lateral format('${schema}.%I', name) as relation
where not (has_table_privilege(relation, 'insert') and has_table_privilege(relation, 'update') and has_table_privilege(relation, 'select'))
   or row_security_active(relation)
      and not exists (select from pg_roles where rolname = 'weir_writer' and pg_has_role(oid, 'usage'))
having count(*) > 0
