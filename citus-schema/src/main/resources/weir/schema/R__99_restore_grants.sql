-- What R__00_drop_replaced.sql dropped and scripts have made again gets its owner and its grants back, by its name: an
-- operator may have granted more than scripts do. Functions that scripts keep from PUBLIC stay so, and those that an operator
-- has taken from it, too.
do $$
declare
  made record;
  granted record;
begin
  for made in
    select dropped.*, identity, owner_now
    from jsonb_to_recordset(current_setting('weir.dropped')::jsonb)
      as dropped (kind text, name text, owner name, acl aclitem[], columns jsonb)
    join (select 'table' as kind, relname::text as name, oid::regclass::text as identity, pg_get_userbyid(relowner) as owner_now
          from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v'
          union all
          select 'routine', proname, oid::regprocedure::text, pg_get_userbyid(proowner)
          from pg_proc where pronamespace = '${schema}'::regnamespace) as found using (kind, name)
  loop
    if made.owner <> made.owner_now then
      execute format('alter %s %s owner to %I', case made.kind when 'table' then 'view' else 'routine' end, made.identity, made.owner);
    end if;
    if made.kind = 'routine' and not exists (select from aclexplode(made.acl) where grantee = 0) and made.acl is not null then
      execute format('revoke execute on routine %s from public', made.identity);
    end if;
    for granted in
      select '' as columns, entry.* from aclexplode(made.acl) as entry
      union all
      select format('(%I)', attname), entry.*
      from jsonb_to_recordset(
        (select jsonb_agg(jsonb_build_object('attname', key, 'acl', value)) from jsonb_each(made.columns)))
        as column_rights (attname name, acl aclitem[])
      cross join aclexplode(acl) as entry
      where exists (select from pg_attribute where attrelid = case made.kind when 'table' then to_regclass(made.identity) end and pg_attribute.attname = column_rights.attname)
    loop
      if granted.grantee = 0 and made.kind = 'routine' or pg_get_userbyid(granted.grantee) = made.owner then continue; end if;
      execute format('grant %s %s on %s %s to %s%s', granted.privilege_type, granted.columns, made.kind, made.identity,
                     case granted.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(granted.grantee)) end,
                     case when granted.is_grantable then ' with grant option' else '' end);
    end loop;
  end loop;
end
$$;
