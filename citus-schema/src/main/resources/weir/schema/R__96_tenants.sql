-- A tenant is a login role that sees the rows of some sites only. Its policy holds them as a literal:
-- Citus refuses a policy with a subquery, and one that reads a setting obeys whoever sets it.
create or replace function ${schema}.tenants() returns table (tenant name, sites int[])
language sql stable as $$
  select roles[1], substring(qual from '\{[0-9,]*\}')::int[]
  from pg_policies
  where schemaname = '${schema}' and tablename = 'http_request_1min'
    and roles[1] not in ('weir_writer', 'weir_reader') and qual ~ '^\(site_id = ANY \(''\{[0-9,]*\}''::integer\[\]\)\)$'
  order by 1
$$;
comment on function ${schema}.tenants() is 'The tenants and the sites that each may see';

create or replace function ${schema}.set_tenant(tenant name, sites int[]) returns void
language plpgsql as $$
#variable_conflict use_variable
declare
  list int[] := array(select distinct site from unnest(sites) as site order by site);
  relation text;
  policy record;
begin
  if cardinality(list) = 0 or array_position(list, null) is not null or 0 >= any (list) then
    raise exception 'a tenant needs sites, all of them greater than 0, not %', coalesce(sites::text, 'null') using errcode = '22023';
  end if;
  if not exists (select from pg_roles where rolname = tenant) then
    raise exception 'there is no role %', coalesce(tenant, 'null') using errcode = '42704';
  end if;
  -- Rights that are wider than the list would make it void.
  if exists (select from pg_roles where rolname = tenant and (rolsuper or rolbypassrls))
     or pg_has_role(tenant, 'weir_writer', 'member') or pg_has_role(tenant, 'weir_reader', 'member')
     or exists (select from pg_class where oid = '${schema}.http_request_1min'::regclass and pg_has_role(tenant, relowner, 'member')) then
    raise exception 'role % may see more than a tenant: it owns the tables, is weir_writer or weir_reader, or is not bound by row security', tenant
      using errcode = '22023';
  end if;
  if current_setting('lock_timeout') = '0' then
    perform set_config('lock_timeout', '2s', true);  -- who waits for the table holds up its writers
  end if;
  for relation in select * from ${schema}.site_tables() union all values ('site') loop
    select policyname, qual into policy from pg_policies
    where schemaname = '${schema}' and tablename = relation and roles = array[tenant];
    if not found then
      execute format('create policy %1$I on ${schema}.%2$I for select to %1$I using (site_id = any (%3$L::int[]))',
                     tenant, relation, list);
    elsif policy.qual is distinct from format('(site_id = ANY (%L::integer[]))', list) then
      execute format('alter policy %I on ${schema}.%I using (site_id = any (%L::int[]))',
                     policy.policyname, relation, list);
    end if;
  end loop;
  if not pg_has_role(tenant, 'weir_tenant', 'member') then
    execute format('grant weir_tenant to %I', tenant);
  end if;
end
$$;
comment on function ${schema}.set_tenant(name, int[]) is
  'Lets a login role see the rows of these sites and no others, at once';

create or replace function ${schema}.drop_tenant(tenant name) returns void
language plpgsql as $$
declare
  policy record;
begin
  if not exists (select from ${schema}.tenants() as known where known.tenant = drop_tenant.tenant) then
    raise exception '% is no tenant of schema ${schema}', coalesce(tenant, 'null') using errcode = '42704';
  end if;
  if current_setting('lock_timeout') = '0' then
    perform set_config('lock_timeout', '2s', true);
  end if;
  for policy in
    select tablename, policyname from pg_policies where schemaname = '${schema}' and roles = array[tenant]
    order by tablename
  loop
    execute format('drop policy %I on ${schema}.%I', policy.policyname, policy.tablename);
  end loop;
  if not exists (select from pg_policies where roles = array[tenant]) then  -- it may be the tenant of another schema
    execute format('revoke weir_tenant from %I', tenant);
  end if;
end
$$;
comment on function ${schema}.drop_tenant(name) is 'Takes all rights in this schema from a tenant; its role stays';
