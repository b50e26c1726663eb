-- Where tables lie on Citus; elsewhere nothing moves. Migrations call these.
create function ${schema}.distribute_by_site(relation text) returns void
language plpgsql as $$
begin
  -- No statistics, which would show a tenant the sites of others, but those of bucket, which belongs to all
  -- sites alike. Citus takes this only before it distributes.
  execute (select format('alter table ${schema}.%I %s', relation,
                         string_agg(format('alter %I set statistics 0', attname), ', ' order by attnum))
           from pg_attribute
           where attrelid = format('${schema}.%I', relation)::regclass and attnum > 0 and attname <> 'bucket');
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
  'For migrations: hides the statistics of a table by site, and distributes it beside the minutes';

create function ${schema}.copy_to_every_node(relation text) returns void
language plpgsql as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    perform create_reference_table('${schema}.' || relation);
  end if;
end
$$;
comment on function ${schema}.copy_to_every_node(text) is 'For migrations: makes a table a reference table';
