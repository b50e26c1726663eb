create table ${schema}.http_request_1min (
  site_id int not null,
  bucket timestamptz not null,
  request_count bigint not null,
  error_count bigint not null,
  average_response_time_msec double precision not null,
  bytes_sum bigint not null,
  distinct_ip_addresses bigint not null,
  primary key (site_id, bucket)
);
