create temporary table requests (
  site_id int,
  event_time bigint,
  status_code int,
  ip_address string,
  response_time_msec double,
  bytes_sent bigint,
  request_country string,
  served_at as to_timestamp_ltz(event_time, 3),
  response_time_usec as cast(response_time_msec * 1000 as bigint),
  watermark for served_at as served_at - interval '10' second
) with (
  'connector' = 'kafka',
  'properties.bootstrap.servers' = '${kafka}',
  'topic' = '${topic}',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset',
  'format' = 'json'
);

create temporary function visitors as 'io.weir.benchmarks.contestants.VisitorsFunction';

create temporary function counters as 'io.weir.benchmarks.contestants.CountersFunction';

create temporary function histogram as 'io.weir.benchmarks.contestants.HistogramFunction';

create temporary table http_request_1min (
  site_id int,
  bucket timestamp(3),
  request_count bigint,
  success_count bigint,
  error_count bigint,
  timed_count bigint,
  response_time_sum_usec bigint,
  response_time_max_usec bigint,
  bytes_sum bigint,
  distinct_ip_addresses bytes,
  country_counters string,
  status_counters string,
  response_time_histogram string,
  primary key (site_id, bucket) not enforced
) with (
  'connector' = 'jdbc',
  'url' = '${url}?reWriteBatchedInserts=true&stringtype=unspecified',
  'username' = '${user}',
  'password' = '',
  'table-name' = 'flink_sql_same.http_request_1min',
  'sink.buffer-flush.max-rows' = '1000'
);

create temporary table http_request_1hour (
  site_id int,
  bucket timestamp(3),
  request_count bigint,
  success_count bigint,
  error_count bigint,
  timed_count bigint,
  response_time_sum_usec bigint,
  response_time_max_usec bigint,
  bytes_sum bigint,
  distinct_ip_addresses bytes,
  country_counters string,
  status_counters string,
  response_time_histogram string,
  primary key (site_id, bucket) not enforced
) with (
  'connector' = 'jdbc',
  'url' = '${url}?reWriteBatchedInserts=true&stringtype=unspecified',
  'username' = '${user}',
  'password' = '',
  'table-name' = 'flink_sql_same.http_request_1hour',
  'sink.buffer-flush.max-rows' = '1000'
);

create temporary table http_request_1day (
  site_id int,
  bucket timestamp(3),
  request_count bigint,
  success_count bigint,
  error_count bigint,
  timed_count bigint,
  response_time_sum_usec bigint,
  response_time_max_usec bigint,
  bytes_sum bigint,
  distinct_ip_addresses bytes,
  country_counters string,
  status_counters string,
  response_time_histogram string,
  primary key (site_id, bucket) not enforced
) with (
  'connector' = 'jdbc',
  'url' = '${url}?reWriteBatchedInserts=true&stringtype=unspecified',
  'username' = '${user}',
  'password' = '',
  'table-name' = 'flink_sql_same.http_request_1day',
  'sink.buffer-flush.max-rows' = '1000'
);

insert into http_request_1min
select
  site_id,
  window_start,
  count(*),
  count(*) filter (where status_code < 400),
  count(*) filter (where status_code >= 400),
  count(response_time_usec),
  sum(response_time_usec),
  max(response_time_usec),
  sum(bytes_sent),
  visitors(ip_address),
  counters(request_country),
  counters(cast(status_code as string)),
  histogram(response_time_usec)
from table(tumble(table requests, descriptor(served_at), interval '1' minute))
group by site_id, window_start, window_end;

insert into http_request_1hour
select
  site_id,
  window_start,
  count(*),
  count(*) filter (where status_code < 400),
  count(*) filter (where status_code >= 400),
  count(response_time_usec),
  sum(response_time_usec),
  max(response_time_usec),
  sum(bytes_sent),
  visitors(ip_address),
  counters(request_country),
  counters(cast(status_code as string)),
  histogram(response_time_usec)
from table(tumble(table requests, descriptor(served_at), interval '1' hour))
group by site_id, window_start, window_end;

insert into http_request_1day
select
  site_id,
  window_start,
  count(*),
  count(*) filter (where status_code < 400),
  count(*) filter (where status_code >= 400),
  count(response_time_usec),
  sum(response_time_usec),
  max(response_time_usec),
  sum(bytes_sent),
  visitors(ip_address),
  counters(request_country),
  counters(cast(status_code as string)),
  histogram(response_time_usec)
from table(tumble(table requests, descriptor(served_at), interval '1' day))
group by site_id, window_start, window_end;
