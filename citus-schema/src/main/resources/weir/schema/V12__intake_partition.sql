-- What became of every record that was read. Never purged: a row for each partition and start without state.
create table ${schema}.intake_partition (
  topic             text        not null,
  partition         int         not null check (partition >= 0),
  first_offset      bigint      not null check (first_offset >= 0),
  last_offset       bigint      not null check (last_offset >= first_offset),
  read_count        bigint      not null,
  counted_count     bigint      not null,
  duplicate_count   bigint      not null,
  held_count        bigint      not null,
  late_count        bigint      not null,
  rejected_count    bigint      not null,
  rejected_counters jsonb       not null,
  updated_at        timestamptz not null,
  primary key (topic, partition, first_offset)
);
comment on table ${schema}.intake_partition is 'What became of the records of each partition, as of the last checkpoint';
comment on column ${schema}.intake_partition.topic is 'The topic that was read';
comment on column ${schema}.intake_partition.partition is 'Its partition';
comment on column ${schema}.intake_partition.first_offset is 'The first record read since the job was started without state';
comment on column ${schema}.intake_partition.last_offset is 'The last record read';
comment on column ${schema}.intake_partition.read_count is
  'Records read: counted_count + duplicate_count + held_count + late_count + rejected_count';
comment on column ${schema}.intake_partition.counted_count is 'Requests in the rows of traffic';
comment on column ${schema}.intake_partition.duplicate_count is 'Copies of requests that were counted';
comment on column ${schema}.intake_partition.held_count is 'Late requests that wait until it is certain whether they are duplicates';
comment on column ${schema}.intake_partition.late_count is 'Requests sent to the topic of late requests';
comment on column ${schema}.intake_partition.rejected_count is 'Records sent to the topic of rejected records';
comment on column ${schema}.intake_partition.rejected_counters is 'The same by reason: {"not_json": 3}';
comment on column ${schema}.intake_partition.updated_at is 'When the row was made';

select ${schema}.copy_to_every_node('intake_partition');
