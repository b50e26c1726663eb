create table ${schema}.http_request (
  site_id int,
  ingest_time timestamptz,
  url text,
  request_country text,
  ip_address text,
  status_code int,
  response_time_msec double precision
);
-- not in the tutorial: without it every minute reads all of the table
create index on ${schema}.http_request using brin (ingest_time);

create table ${schema}.http_request_1min (
  site_id int,
  ingest_time timestamptz, -- which minute this row represents
  error_count int,
  success_count int,
  request_count int,
  average_response_time_msec double precision,
  distinct_ip_addresses int,
  check (request_count = error_count + success_count),
  check (ingest_time = date_trunc('minute', ingest_time))
);
create index on ${schema}.http_request_1min (site_id, ingest_time);

create function ${schema}.rollup_http_request(since timestamptz, until timestamptz) returns void
language sql as $$
  insert into ${schema}.http_request_1min
  select
    site_id,
    date_trunc('minute', ingest_time),
    count(*) filter (where status_code not between 200 and 299),
    count(*) filter (where status_code between 200 and 299),
    count(*),
    sum(response_time_msec) / count(*),
    count(distinct ip_address)
  from ${schema}.http_request
  where ingest_time >= since and ingest_time < until
  group by site_id, date_trunc('minute', ingest_time)
$$;
