-- On Citus the three tables are distributed by site and lie together; elsewhere nothing happens.
-- Two IFs: an expression that names pg_dist_partition does not parse where Citus is not.
do $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    if not exists (select from pg_dist_partition where logicalrelid = '${schema}.http_request_1min'::regclass) then
      perform create_distributed_table('${schema}.http_request_1min', 'site_id', colocate_with => 'none', shard_count => ${shards});
      perform create_distributed_table('${schema}.http_request_1hour', 'site_id', colocate_with => '${schema}.http_request_1min');
      perform create_distributed_table('${schema}.http_request_1day', 'site_id', colocate_with => '${schema}.http_request_1min');
    end if;
  end if;
end
$$;
