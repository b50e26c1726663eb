create temporary table requests (
  site_id int,
  event_time bigint,
  status_code int,
  ip_address string,
  response_time_msec double,
  bytes_sent bigint,
  served_at as to_timestamp_ltz(event_time, 3),
  watermark for served_at as served_at - interval '10' second
) with (
  'connector' = 'kafka',
  'properties.bootstrap.servers' = '${kafka}',
  'topic' = '${topic}',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset',
  'format' = 'json'
);

create temporary table http_request_1min (
  site_id int,
  bucket timestamp(3),
  request_count bigint,
  error_count bigint,
  average_response_time_msec double,
  bytes_sum bigint,
  distinct_ip_addresses bigint,
  primary key (site_id, bucket) not enforced
) with (
  'connector' = 'jdbc',
  'url' = '${url}?reWriteBatchedInserts=true',
  'username' = '${user}',
  'password' = '',
  'table-name' = 'flink_sql.http_request_1min',
  'sink.buffer-flush.max-rows' = '1000'
);

insert into http_request_1min
select
  site_id,
  window_start,
  count(*),
  count(*) filter (where status_code >= 400),
  avg(response_time_msec),
  sum(bytes_sent),
  count(distinct ip_address)
from table(tumble(table requests, descriptor(served_at), interval '1' minute))
group by site_id, window_start, window_end;
