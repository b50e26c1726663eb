-- What is measured of the requests of a bucket: the one definition in SQL. Tables, views, rebuild, audit and the
-- sums of ranges are made from it. The first ones are below; a later one is added by add_measure.
create table ${schema}.measure (
  name         text    primary key,
  position     int     not null unique,
  type         text    not null,
  coarse_type  text    not null,
  is_nullable  boolean not null,
  value_before text,
  merge        text    not null,
  comparable   text    not null,
  description  text    not null
);
comment on table ${schema}.measure is 'What a row of traffic holds of its requests';
comment on column ${schema}.measure.name is 'The column';
comment on column ${schema}.measure.position is 'Its place among the measures';
comment on column ${schema}.measure.type is 'Its type in tables of the finest grain, as format_type writes it';
comment on column ${schema}.measure.coarse_type is 'Its type in tables of other grains, which can need more room';
comment on column ${schema}.measure.is_nullable is 'Whether a row can be without it';
comment on column ${schema}.measure.value_before is
  'What it is in rows of a time before the measure was there; null where there are none';
comment on column ${schema}.measure.merge is 'The aggregate that makes one value of those of several rows, and of none; %s is the column';
comment on column ${schema}.measure.comparable is 'What makes two values comparable by =; %s is the value';
comment on column ${schema}.measure.description is 'The comment of the column';

select ${schema}.copy_to_every_node('measure');

insert into ${schema}.measure
  (position, name, type, coarse_type, is_nullable, merge, comparable, description)
values
  (1, 'request_count', 'bigint', 'bigint', false, 'coalesce(sum(%s), 0)::bigint', '%s',
   'Requests: success_count + error_count'),
  (2, 'success_count', 'bigint', 'bigint', false, 'coalesce(sum(%s), 0)::bigint', '%s',
   'Requests that succeeded'),
  (3, 'error_count', 'bigint', 'bigint', false, 'coalesce(sum(%s), 0)::bigint', '%s',
   'Requests that failed'),
  (4, 'timed_count', 'bigint', 'bigint', false, 'coalesce(sum(%s), 0)::bigint', '%s',
   'Requests whose response time is known'),
  -- Sums stop at the largest number, as the job's do.
  (5, 'response_time_sum_usec', 'bigint', 'bigint', false, 'least(coalesce(sum(%s), 0), 9223372036854775807)::bigint', '%s',
   'Sum of the response times known, in microseconds'),
  (6, 'response_time_max_usec', 'bigint', 'bigint', true, 'max(%s)', '%s',
   'Longest response time known, in microseconds; null when none is'),
  (7, 'bytes_sum', 'bigint', 'bigint', false, 'least(coalesce(sum(%s), 0), 9223372036854775807)::bigint', '%s',
   'Bytes sent'),
  (8, 'distinct_ip_addresses', 'hll', 'hll', false, 'hll_union_agg(%s)', 'hll_send(%s)',
   'HyperLogLog of the client addresses, 2048 registers of 5 bits: hll(11,5,0,1)'),
  (9, 'country_counters', 'jsonb', 'jsonb', false, 'jsonb_sum(%s)', '%s',
   'Requests by country: {"BR": 12, "US": 3}'),
  (10, 'status_counters', 'jsonb', 'jsonb', false, 'jsonb_sum(%s)', '%s',
   'Requests by status: {"200": 11, "503": 1}'),
  -- A busy day can pass the range of int.
  (11, 'response_time_histogram', 'integer[]', 'bigint[]', false, 'histogram_sum(%s::bigint[])', '%s',
   'Requests by response time. The subscript i is the bucket (g^(i-1), g^i] microseconds, g = 1.025/0.975, 0 holds up to 1; only the range that is not empty is stored');

-- The extension then refuses sketches of other parameters. The stand-in has its own check.
update ${schema}.measure set type = 'hll(11,5,0,1)', coarse_type = 'hll(11,5,0,1)'
where type = 'hll' and to_regtype('${schema}.hll') is null;
