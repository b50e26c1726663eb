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

create or replace function ${schema}.check_tenant(tenant text) returns void
language plpgsql stable as $$
begin
  if exists (select from ${schema}.tenants() as known where known.tenant = check_tenant.tenant) then
    return;
  end if;
  if exists (select from pg_roles where rolname = tenant) then
    raise exception 'role % is not a tenant of schema ${schema}: weir tenant list shows those that are', tenant using errcode = '42704';
  end if;
  raise exception 'there is no tenant %: weir tenant list shows those that exist, weir tenant add creates one', coalesce(tenant, 'null')
    using errcode = '42704';
end
$$;
comment on function ${schema}.check_tenant(text) is 'Fails unless the role is a tenant of this schema';

-- Names that need no quotes and mean one role only.
create or replace function ${schema}.check_tenant_name(tenant text) returns void
language plpgsql immutable as $$
begin
  if not coalesce(tenant ~ '^[a-z][a-z0-9_-]{0,62}$', false) then
    raise exception '''%'' cannot name a tenant: use up to 63 of a-z, 0-9, _ and -, a letter first', tenant using errcode = '22023';
  end if;
  if tenant ~ '^(pg_.*|weir_.*|public|none|user|(current|session)_(user|role))$' then
    raise exception '''%'' cannot name a tenant: it is reserved, choose another name', tenant using errcode = '22023';
  end if;
end
$$;
comment on function ${schema}.check_tenant_name(text) is 'Fails unless a tenant can have this name';

-- Rights that are wider than a list of sites would make it void.
create or replace function ${schema}.wider_right(role name) returns text
language sql stable as $$
  select case when rolsuper then 'is a superuser'
              when rolbypassrls then 'is not bound by row security'
              when pg_has_role(oid, 'weir_writer', 'member') then 'is a member of weir_writer'
              when pg_has_role(oid, 'weir_reader', 'member') then 'is a member of weir_reader'
              when pg_has_role(oid, (select relowner from pg_class where oid = '${schema}.http_request_1min'::regclass), 'member')
                then 'owns the tables' end
  from pg_roles where rolname = role
$$;
comment on function ${schema}.wider_right(name) is 'Why a role cannot be a tenant; null when it can';

create or replace function ${schema}.set_tenant(tenant name, sites int[]) returns void
language plpgsql as $$
#variable_conflict use_variable
declare
  list int[] := array(select distinct site from unnest(sites) as site order by site);
  relation text;
  policy record;
begin
  if cardinality(list) = 0 or array_position(list, null) is not null or 0 > any (list) then
    raise exception 'a tenant needs at least one site, and each must be 0 or more, not %', coalesce(sites::text, 'null')
      using errcode = '22023';
  end if;
  if not exists (select from pg_roles where rolname = tenant) then
    raise exception 'there is no role %', coalesce(tenant, 'null') using errcode = '42704';
  end if;
  if ${schema}.wider_right(tenant) is not null then
    raise exception 'role % % and cannot be a tenant: choose another name', tenant, ${schema}.wider_right(tenant) using errcode = '42809';
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

-- Everything or nothing. On Citus, role and policies of one transaction need one connection to each node.
create or replace function ${schema}.add_tenant(tenant text, sites int[], verifier text default null) returns void
language plpgsql as $$
begin
  perform ${schema}.check_tenant_name(tenant);
  if verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/]+=*\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' then
    raise exception 'the password of tenant % is not a SCRAM-SHA-256 verifier: in no other form may it reach the server', tenant
      using errcode = '22023';
  end if;
  perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
  if not exists (select from pg_roles where rolname = tenant) then
    if verifier is null then
      raise exception 'a new tenant needs a password: weir tenant add takes it from --password-file or the environment variable WEIR_TENANT_PASSWORD'
        using errcode = '22023';
    end if;
    execute format('create role %I login', tenant);
  elsif not exists (select from ${schema}.tenants() as known where known.tenant = add_tenant.tenant) then
    -- A role that serves something else would get a password, and perhaps see too much.
    raise exception 'role % %', tenant, coalesce(
        ${schema}.wider_right(tenant) || ' and cannot be a tenant: choose another name',
        format('already exists and is not a tenant of schema ${schema}: choose another name, or give that role its sites by '
               'select ${schema}.set_tenant(%L, ''{1,2}'')', tenant))
      using errcode = '42710';
  end if;
  if verifier is not null then
    begin
      execute format('alter role %I password %L', tenant, verifier);
    exception
      when query_canceled or others then  -- whose context would show the verifier, also in the server's log
        raise exception '%', sqlerrm using errcode = sqlstate;
    end;
  end if;
  perform ${schema}.set_tenant(tenant, sites);
end
$$;
comment on function ${schema}.add_tenant(text, int[], text) is
  'Makes a login role that sees the rows of these sites and no others; changes the sites of a tenant that exists, and its password if one is given';
revoke execute on function ${schema}.add_tenant(text, int[], text) from public;

create or replace function ${schema}.change_tenant(tenant text, sites int[]) returns void
language plpgsql as $$
begin
  perform ${schema}.check_tenant_name(tenant);
  perform ${schema}.check_tenant(tenant);
  perform ${schema}.set_tenant(tenant, sites);
end
$$;
comment on function ${schema}.change_tenant(text, int[]) is 'Changes the sites whose rows a tenant sees, at once';
revoke execute on function ${schema}.change_tenant(text, int[]) from public;

create or replace function ${schema}.drop_tenant(tenant name) returns void
language plpgsql as $$
declare
  policy record;
begin
  perform ${schema}.check_tenant(tenant);
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

create or replace function ${schema}.remove_tenant(tenant text) returns boolean
language plpgsql as $$
begin
  perform ${schema}.check_tenant(tenant);
  perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
  perform ${schema}.drop_tenant(tenant);
  begin
    execute format('drop role %I', tenant);
    return true;
  exception
    when dependent_objects_still_exist then  -- what else it owns or sees is not this schema's to take away
      return false;
  end;
end
$$;
comment on function ${schema}.remove_tenant(text) is
  'Takes all rights in this schema from a tenant and drops its role; false when the role stays, because it has rights elsewhere';
revoke execute on function ${schema}.remove_tenant(text) from public;
