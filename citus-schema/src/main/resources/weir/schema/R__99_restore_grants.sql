-- What R__00_drop_replaced.sql dropped and scripts have made again gets its owner and its grants back, by its name: an
-- operator may have granted more than scripts do. PUBLIC is given nothing that the scripts do not give, and loses what an
-- operator has taken from it.
do $$
declare
  each record;
begin
  for each in
    select replaced.kind, replaced.acl, replaced.owner, made.*
    from replaced
    join (select 'table' as kind, oid, relname::text as name, oid::regclass::text as identity, relowner as owner_now
          from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v'
          union all
          select 'routine', oid, proname, oid::regprocedure::text, proowner
          from pg_proc where pronamespace = '${schema}'::regnamespace) as made using (kind, name)
  loop
    if each.owner <> each.owner_now then
      execute format('alter %s %s owner to %I', case each.kind when 'table' then 'view' else 'routine' end, each.identity,
                     pg_get_userbyid(each.owner));
    end if;
    if each.kind = 'routine' and each.acl is not null
       and not exists (select from aclexplode(each.acl) where grantee = 0 and privilege_type = 'EXECUTE') then
      execute format('revoke execute on routine %s from public', each.identity);
    end if;
  end loop;

  for each in
    select kind, made.identity, '' as columns, privilege_type, grantee, is_grantable
    from replaced
    join (select 'table' as kind, relname::text as name, oid::regclass::text as identity
          from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v'
          union all
          select 'routine', proname, oid::regprocedure::text
          from pg_proc where pronamespace = '${schema}'::regnamespace) as made using (kind, name)
    cross join aclexplode(acl)
    where grantee not in (0, owner)
    union all
    select 'table', attrelid::regclass::text, format('(%I)', attname), privilege_type, grantee, is_grantable
    from replaced_column
    join pg_attribute using (attname)
    join pg_class on pg_class.oid = attrelid and relname = name and relnamespace = '${schema}'::regnamespace
    cross join aclexplode(acl)
  loop
    execute format('grant %s %s on %s %s to %I%s', each.privilege_type, each.columns, each.kind, each.identity,
                   pg_get_userbyid(each.grantee), case when each.is_grantable then ' with grant option' else '' end);
  end loop;
end
$$;
