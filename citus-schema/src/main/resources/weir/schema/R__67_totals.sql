-- Numbers of a range in one row, by site, and charts that need more than traffic() tells. As in
-- R__60_ranges.sql the statements are made as text with the bounds in them: one statement each, which
-- on Citus asks one shard for a site.

create or replace function ${schema}.totals_of(key text, site int, since timestamptz, until timestamptz) returns text
language plpgsql stable parallel restricted as $$
begin
  return format($query$
    select %s as key, coalesce(sum(request_count), 0)::bigint as request_count, coalesce(sum(error_count), 0)::bigint as error_count,
           sum(error_count)::double precision / nullif(sum(request_count), 0) as error_rate,
           coalesce(sum(bytes_sum), 0)::bigint as bytes_sum,
           ${schema}.percentiles(${schema}.histogram_sum(response_time_histogram), '{0.5, 0.95, 0.99}') as percentiles,
           coalesce(hll_cardinality(hll_union_agg(distinct_ip_addresses)), 0) as unique_visitors
    from (%s) as part$query$,
    key,
    ${schema}.range_query(site, since, until, 'request_count, error_count, bytes_sum, distinct_ip_addresses,'
                          ' response_time_histogram::bigint[] as response_time_histogram'));
end
$$;
comment on function ${schema}.totals_of(text, int, timestamptz, timestamptz) is 'The text of the query that sums a range';

create or replace function ${schema}.totals(
  site int, since timestamptz, until timestamptz,
  out request_count bigint, out error_count bigint, out error_rate double precision, out bytes_sum bigint,
  out p50_msec double precision, out p95_msec double precision, out p99_msec double precision,
  out unique_visitors double precision)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  total record;
begin
  execute ${schema}.totals_of('0', site, since, until) into total;
  request_count := total.request_count;
  error_count := total.error_count;
  error_rate := total.error_rate;
  bytes_sum := total.bytes_sum;
  p50_msec := total.percentiles[1];
  p95_msec := total.percentiles[2];
  p99_msec := total.percentiles[3];
  unique_visitors := total.unique_visitors;
end
$$;
comment on function ${schema}.totals(int, timestamptz, timestamptz) is
  'What there was from since until just before until, in one row, of one site or, with null, of all sites together';

create or replace function ${schema}.site_totals(site int, since timestamptz, until timestamptz)
returns table (
  site_id int, request_count bigint, error_count bigint, error_rate double precision, bytes_sum bigint,
  p50_msec double precision, p95_msec double precision, p99_msec double precision, unique_visitors double precision)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  total record;
begin
  for total in execute ${schema}.totals_of('part.site_id', site, since, until) || ' group by part.site_id order by 2 desc, 1' loop
    site_id := total.key;
    request_count := total.request_count;
    error_count := total.error_count;
    error_rate := total.error_rate;
    bytes_sum := total.bytes_sum;
    p50_msec := total.percentiles[1];
    p95_msec := total.percentiles[2];
    p99_msec := total.percentiles[3];
    unique_visitors := total.unique_visitors;
    return next;
  end loop;
end
$$;
comment on function ${schema}.site_totals(int, timestamptz, timestamptz) is
  'What there was from since until just before until, a row a site, most requests first; of one site or, with null, of each';
