create table ${schema}.http_request_1min (
  site_id int not null,
  bucket timestamp not null,
  request_count bigint not null,
  success_count bigint not null,
  error_count bigint not null,
  timed_count bigint not null,
  response_time_sum_usec bigint not null,
  response_time_max_usec bigint,
  bytes_sum bigint not null,
  distinct_ip_addresses bytea not null,
  country_counters jsonb not null,
  status_counters jsonb not null,
  response_time_histogram bigint[] not null,
  primary key (site_id, bucket)
);
create table ${schema}.http_request_1hour (like ${schema}.http_request_1min including all);
create table ${schema}.http_request_1day (like ${schema}.http_request_1min including all);
