-- The grains in which traffic is counted. A new one is a row here and a table by make_traffic_table.
create table ${schema}.grain (
  name             text     primary key,
  length           interval not null unique,
  unit             text     not null,
  finer            text,
  partition_span   text     not null,
  keep             interval,
  partitions_ahead int      not null,
  constraint name_is_the_length check (name::interval = length),
  constraint buckets_begin_with_the_day check (
    86400 % extract(epoch from length) = 0 or extract(epoch from length) % 86400 = 0)
);
comment on table ${schema}.grain is 'How long the buckets are in which traffic is counted';
comment on column ${schema}.grain.name is 'Ends the names of its tables and views; as an interval it is the length';
comment on column ${schema}.grain.length is 'How long a bucket is';
comment on column ${schema}.grain.unit is 'What people call a bucket';
comment on column ${schema}.grain.finer is 'The grain whose rows add up to those of this one; null for the finest';
comment on column ${schema}.grain.partition_span is 'What a partition of its tables holds: a day, month or year of UTC';
comment on column ${schema}.grain.keep is 'How long a new table keeps its rows, until retention_policy says otherwise';
comment on column ${schema}.grain.partitions_ahead is 'How many partitions a new table has made in advance';

select ${schema}.copy_to_every_node('grain');

insert into ${schema}.grain (name, length, unit, finer, partition_span, keep, partitions_ahead) values
  ('1min',  '1 minute', 'minute', null,    'day',   '7 days',  7),
  ('1hour', '1 hour',   'hour',   '1min',  'month', '90 days', 2),
  ('1day',  '1 day',    'day',    '1hour', 'year',  '5 years', 1);
