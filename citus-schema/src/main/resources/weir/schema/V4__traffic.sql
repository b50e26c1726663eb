-- One row a site and bucket at three grains, with the same columns.
set local search_path = ${searchPath};  -- where the type hll is

create table ${schema}.http_request_1min (
  site_id                 int         not null,
  bucket                  timestamptz not null,
  request_count           bigint      not null,
  success_count           bigint      not null,
  error_count             bigint      not null,
  timed_count             bigint      not null,
  response_time_sum_usec  bigint      not null,
  response_time_max_usec  bigint,
  bytes_sum               bigint      not null,
  distinct_ip_addresses   hll         not null,
  country_counters        jsonb       not null,
  status_counters         jsonb       not null,
  response_time_histogram int[]       not null,
  is_whole                boolean     not null,
  is_final                boolean     not null,
  updated_at              timestamptz not null,
  primary key (site_id, bucket),
  constraint requests_add_up check (request_count = success_count + error_count),
  constraint nothing_is_negative check (
    least(success_count, error_count, timed_count, response_time_sum_usec, response_time_max_usec, bytes_sum) >= 0),
  constraint timed_are_requests check (timed_count <= request_count),
  constraint max_only_when_timed check ((timed_count = 0) = (response_time_max_usec is null)),
  constraint final_is_whole check (is_whole or not is_final)
) partition by range (bucket);

comment on column ${schema}.http_request_1min.site_id is 'The site asked; the distribution column on Citus';
comment on column ${schema}.http_request_1min.bucket is 'Start of the bucket in UTC';
comment on column ${schema}.http_request_1min.request_count is 'Requests: success_count + error_count';
comment on column ${schema}.http_request_1min.success_count is 'Requests that succeeded';
comment on column ${schema}.http_request_1min.error_count is 'Requests that failed';
comment on column ${schema}.http_request_1min.timed_count is 'Requests that told their response time';
comment on column ${schema}.http_request_1min.response_time_sum_usec is 'Sum of the response times told, in microseconds';
comment on column ${schema}.http_request_1min.response_time_max_usec is 'Longest response time told, in microseconds; null when none was';
comment on column ${schema}.http_request_1min.bytes_sum is 'Bytes sent';
comment on column ${schema}.http_request_1min.distinct_ip_addresses is 'HyperLogLog of the client addresses, 2048 registers of 5 bits: hll(11,5,0,1)';
comment on column ${schema}.http_request_1min.country_counters is 'Requests by country: {"BR": 12, "US": 3}';
comment on column ${schema}.http_request_1min.status_counters is 'Requests by status: {"200": 11, "503": 1}';
comment on column ${schema}.http_request_1min.response_time_histogram is
  'Requests by response time. The subscript i is the bucket (g^(i-1), g^i] microseconds, g = 1.025/0.975, 0 holds up to 1; only the range that is not empty is stored';
comment on column ${schema}.http_request_1min.is_whole is 'The job that made the row had read this bucket from its beginning';
comment on column ${schema}.http_request_1min.is_final is 'Whole, and event time has passed the end of the bucket; never goes back';
comment on column ${schema}.http_request_1min.updated_at is 'When the row was made';

-- The extension then refuses sketches of other parameters. The stand-in has its own check.
do $$
begin
  if to_regtype('${schema}.hll') is null then
    alter table ${schema}.http_request_1min alter distinct_ip_addresses type hll(11, 5, 0, 1);
  end if;
end
$$;

create table ${schema}.http_request_1hour (like ${schema}.http_request_1min including all) partition by range (bucket);
create table ${schema}.http_request_1day (like ${schema}.http_request_1min including all) partition by range (bucket);
-- A busy day can pass the range of int.
alter table ${schema}.http_request_1hour alter response_time_histogram type bigint[];
alter table ${schema}.http_request_1day alter response_time_histogram type bigint[];

-- The origin lies before every row: PostgreSQL 15.2 and older round earlier ones wrongly.
alter table ${schema}.http_request_1min add constraint bucket_is_a_minute
  check (bucket = date_bin('1 minute', bucket, timestamptz '1970-01-01 00:00:00+00'));
alter table ${schema}.http_request_1hour add constraint bucket_is_an_hour
  check (bucket = date_bin('1 hour', bucket, timestamptz '1970-01-01 00:00:00+00'));
alter table ${schema}.http_request_1day add constraint bucket_is_a_day
  check (bucket = date_bin('1 day', bucket, timestamptz '1970-01-01 00:00:00+00'));

comment on table ${schema}.http_request_1min is 'Requests by site and minute, a partition a UTC day';
comment on table ${schema}.http_request_1hour is 'Requests by site and hour, a partition a UTC month';
comment on table ${schema}.http_request_1day is 'Requests by site and UTC day, a partition a year';

select ${schema}.distribute_by_site('http_request_1min');
select ${schema}.distribute_by_site('http_request_1hour');
select ${schema}.distribute_by_site('http_request_1day');
