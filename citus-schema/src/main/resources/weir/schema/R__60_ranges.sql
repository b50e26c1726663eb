-- Numbers of any range of time, put together from days, hours and minutes. The statements are made
-- as text with the bounds in them: Citus then asks only the shard of the site, and PostgreSQL reads
-- only the partitions of the range. All run with the caller's rights and row security. Not parallel
-- safe: Citus cannot ask its nodes from within a parallel worker.

-- Several percentiles in one pass: four cost what one costs.
create or replace function ${schema}.percentiles(histogram bigint[], fractions double precision[]) returns double precision[]
language plpgsql immutable parallel safe as $$
declare
  g constant double precision := 1.05128205128205128205;  -- 1.025 / 0.975, as in percentile
  total bigint := 0;
  answers double precision[] := '{}';
  next int := 1;
  rank bigint;
  seen bigint := 0;
  n bigint;
  i int := array_lower(histogram, 1);
begin
  if array_ndims(histogram) is null or cardinality(fractions) = 0 then return null; end if;
  -- A loop costs less than a query: a chart calls this for each of its points.
  foreach n in array histogram loop
    total := total + n;
  end loop;
  if total = 0 then return null; end if;
  rank := greatest(ceil(fractions[1]::numeric * total), 1);
  foreach n in array histogram loop
    seen := seen + n;
    while seen >= rank loop
      answers[next] := 2 * power(g, i) / (g + 1) / 1000;
      next := next + 1;
      if next > cardinality(fractions) then return answers; end if;
      rank := greatest(ceil(fractions[next]::numeric * total), 1);
    end loop;
    i := i + 1;
  end loop;
  return answers;
end
$$;
comment on function ${schema}.percentiles(bigint[], double precision[]) is
  'What percentile answers for each of the fractions, which must ascend; null when nothing was timed';

create or replace function ${schema}.kept_since(
  out minutes timestamptz, out hours timestamptz, out days timestamptz)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
begin
  select coalesce(max(now() - keep) filter (where table_name = 'http_request_1min'), '-infinity'),
         coalesce(max(now() - keep) filter (where table_name = 'http_request_1hour'), '-infinity'),
         coalesce(max(now() - keep) filter (where table_name = 'http_request_1day'), '-infinity')
  into minutes, hours, days
  from ${schema}.retention_policy;
end
$$;
comment on function ${schema}.kept_since() is 'The oldest bucket that the views show, by grain; -infinity when all are kept';

create or replace function ${schema}.check_range(since timestamptz, until timestamptz) returns void
language plpgsql immutable parallel safe as $$
begin
  if since is null or until is null or not isfinite(since) or not isfinite(until) then
    raise exception 'a range needs its two ends, got % and %', since, until using errcode = '22023';
  end if;
end
$$;
comment on function ${schema}.check_range(timestamptz, timestamptz) is 'Refuses a range with an end that is null or infinite';

create or replace function ${schema}.range_pieces(since timestamptz, until timestamptz)
returns table (grain text, starts_at timestamptz, ends_at timestamptz)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  minute constant interval := '1 minute';
  hour constant interval := '1 hour';
  day constant interval := '1 day';
  -- Added before cutting, it turns rounding down into rounding up.
  almost constant interval := '-1 microsecond';
  kept record;
  first timestamptz;
  last timestamptz;
  first_hour timestamptz;
  last_hour timestamptz;
  first_day timestamptz;
  last_day timestamptz;
begin
  perform ${schema}.check_range(since, until);
  if since >= until then return; end if;
  kept := ${schema}.kept_since();

  -- Each end goes outwards to the finest grain that is still kept there; the last one to that which also
  -- leaves no hole between it and the whole days before it.
  first := date_trunc('minute', since);
  if first < kept.minutes then
    first := date_trunc('hour', since);
    if first < kept.hours then first := date_trunc('day', since); end if;
  end if;
  if greatest(first, date_trunc('hour', until)) >= kept.minutes
     and greatest(first, date_trunc('day', until)) >= least(kept.minutes, kept.hours) then
    last := date_trunc('minute', until + minute + almost);
  elsif greatest(first, date_trunc('day', until)) >= kept.hours then
    last := date_trunc('hour', until + hour + almost);
  else
    last := date_trunc('day', until + day + almost);
  end if;

  -- Whole days and hours that are over: the rows of today and of this hour lag behind finer ones.
  first_day := date_trunc('day', greatest(first, kept.days) + day + almost);
  last_day := date_trunc('day', last);
  if date_trunc('day', now()) >= kept.hours then last_day := least(last_day, date_trunc('day', now())); end if;
  first_hour := date_trunc('hour', greatest(first, kept.hours) + hour + almost);
  last_hour := date_trunc('hour', last);
  if date_trunc('hour', now()) >= kept.minutes then last_hour := least(last_hour, date_trunc('hour', now())); end if;

  if first_day >= last_day then
    first_day := null;
    last_day := null;
  end if;
  if first_hour >= last_hour or first_hour > last_day then
    first_hour := null;
    last_hour := null;
  end if;
  -- least, greatest and coalesce pass over what is null; a comparison with null keeps nothing.
  return query
    select piece.grain, piece.starts_at, piece.ends_at
    from (values
      ('1min', first, least(last, first_hour, first_day)),
      ('1hour', first_hour, coalesce(first_day, last_hour)),
      ('1day', first_day, last_day),
      ('1hour', case when last_day is not null then greatest(first_hour, last_day) end, last_hour),
      ('1min', greatest(last_hour, last_day), last)) as piece (grain, starts_at, ends_at)
    where piece.starts_at < piece.ends_at;
end
$$;
comment on function ${schema}.range_pieces(timestamptz, timestamptz) is
  'What the numbers of a range are made of: days that are over, hours that are over, and minutes at the ends; where minutes or hours are not kept an end goes outwards';

create or replace function ${schema}.range_query(site int, since timestamptz, until timestamptz, columns text) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
begin
  return coalesce(
    (select string_agg(
       format('select site_id, %s from ${schema}.traffic_%s where bucket >= %L and bucket < %L', columns, grain, starts_at, ends_at)
         || coalesce(' and site_id = ' || site, ''),
       ' union all ')
     from ${schema}.range_pieces(since, until)),
    format('select site_id, %s from ${schema}.traffic_1day where false', columns));
end
$$;
comment on function ${schema}.range_query(int, timestamptz, timestamptz, text) is
  'The text of a query for the rows that a range is made of, of one site or, without a site, of all';

create or replace function ${schema}.unique_visitors(site int, since timestamptz, until timestamptz) returns double precision
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  answer double precision;
begin
  execute format('select hll_cardinality(hll_union_agg(distinct_ip_addresses)) from (%s) as part',
                 ${schema}.range_query(site, since, until, 'distinct_ip_addresses')) into answer;
  return coalesce(answer, 0);
end
$$;
comment on function ${schema}.unique_visitors(int, timestamptz, timestamptz) is
  'Estimated number of client addresses from since until just before until, of one site or, with null, of all sites';

create or replace function ${schema}.response_times(
  site int, since timestamptz, until timestamptz,
  out timed_count bigint, out average_msec double precision, out max_msec double precision,
  out p50_msec double precision, out p90_msec double precision, out p95_msec double precision, out p99_msec double precision)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  total numeric;
  longest bigint;
  histogram bigint[];
  percentiles double precision[];
begin
  execute format('select coalesce(sum(timed_count), 0)::bigint, sum(response_time_sum_usec), max(response_time_max_usec),'
                 ' histogram_sum(response_time_histogram) from (%s) as part',
                 ${schema}.range_query(site, since, until, 'timed_count, response_time_sum_usec, response_time_max_usec,'
                                       ' response_time_histogram::bigint[] as response_time_histogram'))
  into timed_count, total, longest, histogram;
  average_msec := total::double precision / nullif(timed_count, 0) / 1000;
  max_msec := longest / 1000.0;
  percentiles := ${schema}.percentiles(histogram, '{0.5, 0.9, 0.95, 0.99}');
  p50_msec := percentiles[1];
  p90_msec := percentiles[2];
  p95_msec := percentiles[3];
  p99_msec := percentiles[4];
end
$$;
comment on function ${schema}.response_times(int, timestamptz, timestamptz) is
  'Response times from since until just before until, in milliseconds, percentiles within 2.5 %; null when nothing was timed';

create or replace function ${schema}.countries(site int, since timestamptz, until timestamptz)
returns table (country text, request_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  counters jsonb;
begin
  execute format('select jsonb_sum(country_counters) from (%s) as part',
                 ${schema}.range_query(site, since, until, 'country_counters')) into counters;
  return query select key, value::bigint from jsonb_each_text(counters) order by value::bigint desc, key collate "C";
end
$$;
comment on function ${schema}.countries(int, timestamptz, timestamptz) is
  'Requests by country from since until just before until, most first';

create or replace function ${schema}.status_codes(site int, since timestamptz, until timestamptz)
returns table (status text, request_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  counters jsonb;
begin
  execute format('select jsonb_sum(status_counters) from (%s) as part',
                 ${schema}.range_query(site, since, until, 'status_counters')) into counters;
  return query select key, value::bigint from jsonb_each_text(counters) order by value::bigint desc, key collate "C";
end
$$;
comment on function ${schema}.status_codes(int, timestamptz, timestamptz) is
  'Requests by status from since until just before until, most first';
