-- Notes that who asks is not the owner, and so sees less.
select format('%s does not own the schema, %s does: rights and rows are checked as far as %s sees them',
              current_user, pg_get_userbyid(nspowner), current_user)
from pg_namespace where nspname = '${schema}' and not pg_has_role(current_user, nspowner, 'USAGE')
