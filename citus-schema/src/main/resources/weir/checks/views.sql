-- A view that runs with its owner's rights shows every site to every tenant.
select 'view ' || pg_class.oid::regclass, 'security_invoker', 'the rights of its owner',
       format('alter view %s set (security_invoker = true)', pg_class.oid::regclass)
from pg_class
where relnamespace = '${schema}'::regnamespace and relkind = 'v'
  and not coalesce(reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
order by 1
