-- Group roles belong to the whole server and serve every schema of this kind in it. Access goes
-- through the partitioned tables, so that new partitions need no grants. Row security binds whoever
-- is not the owner, so it comes together with the policies of the writer and of the reader, and never
-- before the roles are there. It runs after each migration (afterMigrate): what is as it should be
-- is left alone, for a policy locks its table.
create or replace function ${schema}.grant_roles() returns void
language plpgsql as $$
declare
  role_name text;
  relation text;
  tenant record;
begin
  foreach role_name in array array['weir_writer', 'weir_reader', 'weir_tenant'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception
        when duplicate_object or unique_violation then null;  -- another schema was quicker
        when insufficient_privilege then
          raise warning '% may not create the role %: create it and run: select ${schema}.grant_roles()', current_user, role_name;
          return;
      end;
    end if;
  end loop;
  for relation in select * from ${schema}.site_tables() union all values ('site'), ('intake_partition') loop
    if not (select relrowsecurity from pg_class where oid = format('${schema}.%I', relation)::regclass) then
      execute format('alter table ${schema}.%I enable row level security', relation);
    end if;
    foreach role_name in array array['weir_writer', 'weir_reader'] loop
      if not exists (select from pg_policies
                     where schemaname = '${schema}' and tablename = relation and policyname = role_name) then
        execute format('create policy %1$I on ${schema}.%2$I for %3$s to %1$I using (true) %4$s', role_name, relation,
                       case role_name when 'weir_writer' then 'all' else 'select' end,
                       case role_name when 'weir_writer' then 'with check (true)' end);
      end if;
    end loop;
    execute format('grant select on ${schema}.%I to weir_writer, weir_reader, weir_tenant', relation);
    if relation <> 'site' then
      execute format('grant insert, update on ${schema}.%I to weir_writer', relation);
    end if;
  end loop;
  grant usage on schema ${schema} to weir_writer, weir_reader, weir_tenant;
  grant select on ${schema}.retention_policy, ${schema}.grain, ${schema}.measure, ${schema}.traffic_table
    to weir_writer, weir_reader, weir_tenant;
  grant select on ${schema}.top_site_config, ${schema}.top_site_election, ${schema}.site_host, ${schema}.view_definition
    to weir_writer, weir_reader;
  grant select on ${schema}.maintenance_log to weir_reader;
  grant insert on ${schema}.top_site_election to weir_writer;
  grant execute on function ${schema}.restore_partition(text, timestamptz), ${schema}.admit_buckets(text, timestamptz[], timestamptz)
    to weir_writer;
  grant execute on function ${schema}.shard_sizes() to weir_reader;
  -- A view that runs with its owner's rights would show every site.
  for relation in
    select relname from pg_class
    where relnamespace = '${schema}'::regnamespace and relkind = 'v' and 'security_invoker=true' = any (reloptions)
  loop
    execute format('grant select on ${schema}.%I to weir_reader, weir_tenant', relation);
  end loop;
  for tenant in select * from ${schema}.tenants() loop  -- for tables that are new
    perform ${schema}.set_tenant(tenant.tenant, tenant.sites);
  end loop;
end
$$;
comment on function ${schema}.grant_roles() is
  'Makes the group roles weir_writer, weir_reader and weir_tenant if they are missing, gives them their rights and turns on row security';
