-- What readers see: every column of the table, and what is computed from it. security_invoker: the
-- reader's own rights and row security apply, on plain PostgreSQL as on Citus. Rows older than the
-- policy are not shown, dropped or not: a join with a table that every node has, since Citus would
-- run a subquery on its own first, and a function that reads a table cannot run on the shards.
set local search_path = ${searchPath};  -- where the type hll is

do $$
declare
  grain text;
  source record;
begin
  foreach grain in array array['1min', '1hour', '1day'] loop
    execute format($view$
      create or replace view ${schema}.traffic_%1$s with (security_invoker = true) as
      select site_id, bucket, request_count, success_count, error_count, timed_count,
             response_time_sum_usec, response_time_max_usec, bytes_sum, distinct_ip_addresses,
             country_counters, status_counters, response_time_histogram, is_whole, is_final, updated_at,
             response_time_sum_usec::double precision / nullif(timed_count, 0) / 1000 as average_response_time_msec,
             ${schema}.percentile(response_time_histogram, 0.5) as p50_msec,
             ${schema}.percentile(response_time_histogram, 0.9) as p90_msec,
             ${schema}.percentile(response_time_histogram, 0.95) as p95_msec,
             ${schema}.percentile(response_time_histogram, 0.99) as p99_msec,
             hll_cardinality(distinct_ip_addresses) as distinct_ip_address_count,
             error_count::double precision / nullif(request_count, 0) as error_rate
      from ${schema}.http_request_%1$s
      left join (
        select coalesce((now() at time zone 'UTC' - keep) at time zone 'UTC', '-infinity') as oldest
        from ${schema}.retention_policy where table_name = 'http_request_%1$s') as policy on true
      where oldest is null or bucket >= oldest
    $view$, grain);
    for source in
      select attname, col_description(attrelid, attnum) as description
      from pg_attribute
      where attrelid = format('${schema}.http_request_%s', grain)::regclass and attnum > 0 and not attisdropped
    loop
      execute format('comment on column ${schema}.traffic_%s.%I is %L', grain, source.attname, source.description);
    end loop;
    execute format($comments$
      comment on column ${schema}.traffic_%1$s.average_response_time_msec is 'Mean response time in milliseconds; null when nothing was timed';
      comment on column ${schema}.traffic_%1$s.p50_msec is 'Median response time in milliseconds, within 2.5 %%';
      comment on column ${schema}.traffic_%1$s.p90_msec is 'Response time of the 90th percentile in milliseconds, within 2.5 %%';
      comment on column ${schema}.traffic_%1$s.p95_msec is 'Response time of the 95th percentile in milliseconds, within 2.5 %%';
      comment on column ${schema}.traffic_%1$s.p99_msec is 'Response time of the 99th percentile in milliseconds, within 2.5 %%';
      comment on column ${schema}.traffic_%1$s.distinct_ip_address_count is 'Estimated number of client addresses, standard error 2.3 %%';
      comment on column ${schema}.traffic_%1$s.error_rate is 'Fraction of the requests that failed, 0 to 1; null without requests';
    $comments$, grain);
  end loop;
end
$$;
comment on view ${schema}.traffic_1min is 'Traffic by site and minute';
comment on view ${schema}.traffic_1hour is 'Traffic by site and hour';
comment on view ${schema}.traffic_1day is 'Traffic by site and UTC day';
