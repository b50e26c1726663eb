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

-- The buckets of traffic() with what one chart needs: percentiles and visitors are most of its cost.
create or replace function ${schema}.traffic_query(site int, since timestamptz, until timestamptz, points int, columns text) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  chosen text := ${schema}.traffic_grain(since, until, points);
  first timestamptz := date_bin(('1 ' || substr(chosen, 2))::interval, since, '1970-01-01Z');
begin
  return format('select bucket, %L::text, %s from ${schema}.traffic_%s where bucket >= %L and bucket < %L%s group by bucket order by bucket',
                chosen, columns, chosen, first, greatest(until, first),
                case when since >= until then ' and false' else '' end || coalesce(' and site_id = ' || site, ''));
end
$$;
comment on function ${schema}.traffic_query(int, timestamptz, timestamptz, int, text) is
  'The text of a query for the buckets of traffic(): bucket, grain and sums of the columns';

create or replace function ${schema}.traffic_counts(site int, since timestamptz, until timestamptz, points int default 300)
returns table (bucket timestamptz, grain text, request_count bigint, error_count bigint, bytes_sum bigint, is_whole boolean, is_final boolean)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points,
    'sum(request_count)::bigint, sum(error_count)::bigint, sum(bytes_sum)::bigint, bool_and(is_whole), bool_and(is_final)');
end
$$;
comment on function ${schema}.traffic_counts(int, timestamptz, timestamptz, int) is
  'The buckets of traffic() without response times and visitors, at a tenth of the cost';

create or replace function ${schema}.traffic_visitors(site int, since timestamptz, until timestamptz, points int default 300)
returns table (bucket timestamptz, grain text, unique_visitors double precision)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points, 'hll_cardinality(hll_union_agg(distinct_ip_addresses))');
end
$$;
comment on function ${schema}.traffic_visitors(int, timestamptz, timestamptz, int) is 'The buckets of traffic() with the visitors of each';

create or replace function ${schema}.traffic_percentiles(
  site int, since timestamptz, until timestamptz, points int, fractions double precision[])
returns table (bucket timestamptz, grain text, percentiles double precision[])
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points,
    format('${schema}.percentiles(${schema}.histogram_sum(response_time_histogram::bigint[]), %L)', fractions));
end
$$;
comment on function ${schema}.traffic_percentiles(int, timestamptz, timestamptz, int, double precision[]) is
  'The buckets of traffic() with percentiles of the response times of each, in milliseconds, by ascending fractions';

create or replace function ${schema}.traffic_cells(
  site int, since timestamptz, until timestamptz, points int, bounds_msec double precision[])
returns table (bucket timestamptz, grain text, cells bigint[])
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points,
    format('${schema}.histogram_cells(${schema}.histogram_sum(response_time_histogram::bigint[]), %L)', ${schema}.histogram_bounds(bounds_msec)));
end
$$;
comment on function ${schema}.traffic_cells(int, timestamptz, timestamptz, int, double precision[]) is
  'For heat maps: the buckets of traffic() with the requests of each by response time, up to the first bound, ..., beyond the last';

create or replace function ${schema}.status_classes(counters jsonb) returns bigint[]
language sql immutable parallel safe as $$
  select array[coalesce(sum(value::bigint) filter (where key < '2'), 0), coalesce(sum(value::bigint) filter (where key >= '2' and key < '3'), 0),
               coalesce(sum(value::bigint) filter (where key >= '3' and key < '4'), 0),
               coalesce(sum(value::bigint) filter (where key >= '4' and key < '5'), 0),
               coalesce(sum(value::bigint) filter (where key >= '5'), 0)]::bigint[]
  from jsonb_each_text(counters)
$$;
comment on function ${schema}.status_classes(jsonb) is 'Requests by the first digit of their status, 1 to 5';

create or replace function ${schema}.traffic_status(site int, since timestamptz, until timestamptz, points int default 300)
returns table (bucket timestamptz, grain text, classes bigint[])
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points,
    '${schema}.status_classes(${schema}.jsonb_sum(status_counters))');
end
$$;
comment on function ${schema}.traffic_status(int, timestamptz, timestamptz, int) is
  'The buckets of traffic() with the requests of each by the first digit of their status, 1 to 5';
