-- Group roles belong to the whole server and serve every schema of this kind in it. Access goes
-- through the partitioned tables, so that new partitions need no grants.
create or replace function ${schema}.grant_roles() returns void
language plpgsql as $$
declare
  role_name text;
begin
  foreach role_name in array array['weir_writer', 'weir_reader'] loop
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
  grant usage on schema ${schema} to weir_writer, weir_reader;
  grant insert, update, select on ${schema}.http_request_1min, ${schema}.http_request_1hour, ${schema}.http_request_1day to weir_writer;
  grant select on ${schema}.retention_policy to weir_writer, weir_reader;
  grant execute on function ${schema}.restore_partition(text, timestamptz) to weir_writer;
  grant select on ${schema}.http_request_1min, ${schema}.http_request_1hour, ${schema}.http_request_1day to weir_reader;
  grant select on ${schema}.traffic_1min, ${schema}.traffic_1hour, ${schema}.traffic_1day to weir_reader;
end
$$;
comment on function ${schema}.grant_roles() is 'Makes the group roles weir_writer and weir_reader if they are missing, and gives them their rights';

select ${schema}.grant_roles();
