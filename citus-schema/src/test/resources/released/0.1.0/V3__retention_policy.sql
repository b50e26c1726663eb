-- How long each table keeps its rows. Changed live by UPDATE; the procedure maintain does the rest.
create table ${schema}.retention_policy (
  table_name       text primary key,
  keep             interval,
  archive_after    interval,
  partition_span   text not null,
  partitions_ahead int  not null,
  constraint keep_is_a_time check (keep > interval '0'),
  constraint keep_is_at_most_1000_years check (keep <= interval '1000 years'),
  constraint archive_is_a_time check (archive_after > interval '0'),
  constraint archive_after_is_at_most_1000_years check (archive_after <= interval '1000 years'),
  constraint archived_before_dropped check (archive_after < keep),
  constraint next_partition_is_ready check (partitions_ahead between 1 and 1000),
  constraint span_is_known check (partition_span in ('day', 'month', 'year'))
);
comment on table ${schema}.retention_policy is 'How long each table keeps its rows, and how its partitions are made';
comment on column ${schema}.retention_policy.table_name is 'The partitioned table';
comment on column ${schema}.retention_policy.keep is 'A partition that ended this long ago is dropped; null keeps for ever';
comment on column ${schema}.retention_policy.archive_after is
  'A partition that ended this long ago becomes columnar where Citus has it; null never';
comment on column ${schema}.retention_policy.partition_span is 'What a partition holds: a day, month or year of UTC';
comment on column ${schema}.retention_policy.partitions_ahead is 'How many partitions after the current one are made in advance';

select ${schema}.copy_to_every_node('retention_policy');

-- A table keeps the span it was made with: with another one maintain would leave days without a partition,
-- or fail over those that are there.
create function ${schema}.add_policy(relation text, keep interval, span text, ahead int) returns void
language plpgsql as $$
begin
  insert into ${schema}.retention_policy (table_name, keep, partition_span, partitions_ahead)
  values (relation, keep, span, ahead);
  execute format('alter table ${schema}.retention_policy add constraint %I check (table_name <> %L or partition_span = %L)',
                 format('span_of_%s_is_a_%s', relation, span), relation, span);
end
$$;
comment on function ${schema}.add_policy(text, interval, text, int) is
  'For migrations: gives a partitioned table its retention, which can be changed later, and the span of its partitions, which cannot';
