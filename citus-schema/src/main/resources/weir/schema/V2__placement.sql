-- Where tables lie on Citus; elsewhere nothing happens. Migrations call these.
create function ${schema}.distribute_by_site(relation text) returns void
language plpgsql as $$
begin
  if not exists (select from pg_extension where extname = 'citus') then
    return;
  elsif relation = 'http_request_1min' then
    perform create_distributed_table('${schema}.' || relation, 'site_id', colocate_with => 'none', shard_count => ${shards});
  else
    perform create_distributed_table('${schema}.' || relation, 'site_id', colocate_with => '${schema}.http_request_1min');
  end if;
end
$$;
comment on function ${schema}.distribute_by_site(text) is
  'For migrations: distributes a table by site_id, beside the minutes';

create function ${schema}.copy_to_every_node(relation text) returns void
language plpgsql as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    perform create_reference_table('${schema}.' || relation);
  end if;
end
$$;
comment on function ${schema}.copy_to_every_node(text) is 'For migrations: makes a table a reference table';
