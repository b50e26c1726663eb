-- How long each table keeps its rows. Changed live by UPDATE; the procedure maintain does the rest.
create table ${schema}.retention_policy (
  table_name       text primary key,
  keep             interval,
  archive_after    interval,
  partition_span   text not null,
  partitions_ahead int  not null,
  constraint span_is_that_of_the_table check (
    (table_name, partition_span) in
    (('http_request_1min', 'day'), ('http_request_1hour', 'month'), ('http_request_1day', 'year'))),
  constraint keep_is_a_time check (keep > interval '0'),
  constraint archive_is_a_time check (archive_after > interval '0'),
  constraint archived_before_dropped check (archive_after < keep),
  constraint next_partition_is_ready check (partitions_ahead between 1 and 1000)
);
comment on table ${schema}.retention_policy is 'How long each table keeps its rows, and how its partitions are made';
comment on column ${schema}.retention_policy.table_name is 'The partitioned table';
comment on column ${schema}.retention_policy.keep is 'A partition that ended this long ago is dropped; null keeps for ever';
comment on column ${schema}.retention_policy.archive_after is 'Nothing reads it yet: when a partition is to be compressed; null never';
comment on column ${schema}.retention_policy.partition_span is 'What a partition holds: a day, month or year of UTC';
comment on column ${schema}.retention_policy.partitions_ahead is 'How many partitions behind the current one are made in advance';

-- Two IFs: an expression that names pg_dist_partition does not parse where Citus is not.
do $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    if not exists (select from pg_dist_partition where logicalrelid = '${schema}.retention_policy'::regclass) then
      perform create_reference_table('${schema}.retention_policy');
    end if;
  end if;
end
$$;

insert into ${schema}.retention_policy (table_name, keep, partition_span, partitions_ahead) values
  ('http_request_1min', '7 days', 'day', 7),
  ('http_request_1hour', '90 days', 'month', 2),
  ('http_request_1day', '5 years', 'year', 1);
