-- Row security must be on, or a tenant sees every site, and writer and reader need a policy that shows them
-- all rows.
select format('row security of %s', pg_class.oid::regclass), 'enabled', 'off',
       format('alter table %s enable row level security', pg_class.oid::regclass)
from (select ${schema}.site_tables() union all values ('intake_partition')) as known (name)
join pg_class on pg_class.oid = to_regclass('${schema}.' || name)
where not relrowsecurity
union all
select format('row security of %s', pg_class.oid::regclass), 'a policy for ' || rolname, 'none',
       format('create policy %s on %s to %s using (true)%s', rolname, pg_class.oid::regclass, rolname,
              case rolname when 'weir_writer' then ' with check (true)' else '' end)
from (select ${schema}.site_tables() union all values ('intake_partition')) as known (name)
join pg_class on pg_class.oid = to_regclass('${schema}.' || name)
cross join pg_roles
where rolname in ('weir_writer', 'weir_reader')
  and not exists (select from pg_policy where polrelid = pg_class.oid and polroles @> array[pg_roles.oid] and polpermissive
                  and pg_get_expr(polqual, polrelid) = 'true')
order by 1
