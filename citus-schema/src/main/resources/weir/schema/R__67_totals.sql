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

-- The last subscript of each cell: a bucket of the histogram belongs to the cell that holds the point
-- which percentile() answers for it.
create or replace function ${schema}.histogram_bounds(bounds_msec double precision[]) returns int[]
language sql immutable parallel safe as $$
  select array_agg(floor(ln(bound * 1000 * 2.05128205128205128205 / 2) / ln(1.05128205128205128205))::int order by bound)
  from unnest(bounds_msec) as bound
$$;
comment on function ${schema}.histogram_bounds(double precision[]) is
  'The last subscripts of a histogram whose response times are at most so many milliseconds, ascending';

create or replace function ${schema}.histogram_cells(histogram bigint[], bounds int[]) returns bigint[]
language plpgsql immutable parallel safe as $$
declare
  cells bigint[] := array_fill(0::bigint, array[cardinality(bounds) + 1]);
  cell int := 1;
  i int := array_lower(histogram, 1);
  n bigint;
  total bigint := 0;
begin
  if i is null then return cells; end if;
  foreach n in array histogram loop
    while i > bounds[cell] loop  -- null behind the last one
      cells[cell] := total;
      total := 0;
      cell := cell + 1;
    end loop;
    total := total + n;
    i := i + 1;
  end loop;
  cells[cell] := total;
  return cells;
end
$$;
comment on function ${schema}.histogram_cells(bigint[], int[]) is
  'Requests by cells, each of which ends at a subscript of the histogram: up to the first bound, ..., beyond the last';

create or replace function ${schema}.traffic_cells(
  site int, since timestamptz, until timestamptz, points int, bounds_msec double precision[])
returns table (bucket timestamptz, grain text, cells bigint[])
language plpgsql stable parallel restricted set search_path = ${searchPath} set timezone = 'UTC' as $$
declare
  chosen text := ${schema}.traffic_grain(since, until, points);
  first timestamptz := date_bin(('1 ' || substr(chosen, 2))::interval, since, '1970-01-01Z');
  bounds int[] := ${schema}.histogram_bounds(bounds_msec);
  total record;
begin
  if since >= until then return; end if;
  for total in execute format(
    'select bucket as key, ${schema}.histogram_sum(response_time_histogram) as histogram from (%s) as part group by bucket order by bucket',
    ${schema}.traffic_part('bucket', chosen, site, format('bucket >= %L and bucket < %L', first, until)))
  loop
    bucket := total.key;
    grain := chosen;
    cells := ${schema}.histogram_cells(total.histogram, bounds);
    return next;
  end loop;
end
$$;
comment on function ${schema}.traffic_cells(int, timestamptz, timestamptz, int, double precision[]) is
  'For heat maps: the buckets of traffic() with the requests of each by response time, in the cells of histogram_cells()';

create or replace function ${schema}.traffic_status(site int, since timestamptz, until timestamptz, points int default 300)
returns table (bucket timestamptz, grain text, status_counters jsonb)
language plpgsql stable parallel restricted set search_path = ${searchPath} set timezone = 'UTC' as $$
declare
  chosen text := ${schema}.traffic_grain(since, until, points);
  first timestamptz := date_bin(('1 ' || substr(chosen, 2))::interval, since, '1970-01-01Z');
  total record;
begin
  if since >= until then return; end if;
  for total in execute format(
    'select bucket as key, ${schema}.jsonb_sum(status_counters) as counters from ${schema}.traffic_%s'
    ' where bucket >= %L and bucket < %L%s group by bucket order by bucket',
    chosen, first, until, coalesce(' and site_id = ' || site, ''))
  loop
    bucket := total.key;
    grain := chosen;
    status_counters := total.counters;
    return next;
  end loop;
end
$$;
comment on function ${schema}.traffic_status(int, timestamptz, timestamptz, int) is
  'The buckets of traffic() with the requests of each by status';

create or replace function ${schema}.status_class(counters jsonb, class text) returns bigint
language sql immutable parallel safe as $$
  select coalesce(sum(value::bigint), 0)::bigint from jsonb_each_text(counters) where left(key, 1) = class
$$;
comment on function ${schema}.status_class(jsonb, text) is 'Requests of a class of statuses, such as 5 for 500 to 599';
