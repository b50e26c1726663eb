-- Series for charts. As in R__60_ranges.sql the statements are made as text with the bounds in them.

create or replace function ${schema}.traffic_grain(since timestamptz, until timestamptz, points int default 300) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  answer text;
begin
  perform ${schema}.check_range(since, until);
  if points is null or points < 1 then
    raise exception 'a chart needs a point or more, got %', points using errcode = '22023';
  end if;
  select name into answer
  from ${schema}.grain
  left join ${schema}.retention_policy as policy on policy.table_name = 'http_request_' || name
  cross join lateral (select coalesce(now() - policy.keep, '-infinity') as oldest, extract(epoch from length) as seconds) as bucket
  order by since >= oldest desc,
           case when since < oldest then oldest end,
           abs(ln(greatest(extract(epoch from until - since), 1) / seconds / points)),
           seconds desc
  limit 1;
  return answer;
end
$$;
comment on function ${schema}.traffic_grain(timestamptz, timestamptz, int) is
  'The grain of traffic(): of those that still keep since, the one whose number of buckets is nearest to points, by ratio; otherwise the one that keeps longest';

-- Each chart asks for what it shows: percentiles and visitors are most of the cost. The aggregates stay at the top of
-- the query: Citus would keep the rows of a subquery in between.
create or replace function ${schema}.traffic_query(site int, since timestamptz, until timestamptz, points int, columns text) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  chosen text := ${schema}.traffic_grain(since, until, points);
  first timestamptz := date_bin(chosen::interval, since, '1970-01-01Z');
begin
  return format('select bucket, %L::text, %s from ${schema}.traffic_%s_parts where bucket >= %L and bucket < %L%s group by bucket order by bucket',
                chosen, columns, chosen, first, greatest(until, first),
                case when since >= until then ' and false' else '' end || coalesce(' and site_id = ' || site, ''));
end
$$;
comment on function ${schema}.traffic_query(int, timestamptz, timestamptz, int, text) is
  'The text of a query for the buckets of traffic(): bucket, grain and sums of the columns';

-- What traffic() and traffic_day() sum, by a key and with a text beside it.
create or replace function ${schema}.traffic_columns() returns text[]
language sql immutable parallel safe as $$
  select '{request_count, success_count, error_count, error_rate, bytes_sum, timed_count, average_response_time_msec,
           max_response_time_msec, percentiles, distinct_ip_address_count, is_whole, is_final, late_count}'::text[]
$$;
comment on function ${schema}.traffic_columns() is 'Part of traffic and traffic_day: what they sum';

create or replace function ${schema}.traffic_rows(query text)
returns table (
  bucket timestamptz, grain text, request_count bigint, success_count bigint, error_count bigint, error_rate double precision,
  bytes_sum bigint, timed_count bigint, average_response_time_msec double precision, max_response_time_msec double precision,
  percentiles double precision[], distinct_ip_address_count double precision, is_whole boolean, is_final boolean, late_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$ begin return query execute query; end $$;
comment on function ${schema}.traffic_rows(text) is 'Part of traffic and traffic_day: the rows of their query';

create or replace function ${schema}.traffic(site int, since timestamptz, until timestamptz, points int default 300)
returns table (
  bucket timestamptz, grain text, request_count bigint, success_count bigint, error_count bigint, error_rate double precision,
  bytes_sum bigint, timed_count bigint, average_response_time_msec double precision, max_response_time_msec double precision,
  p50_msec double precision, p90_msec double precision, p95_msec double precision, p99_msec double precision,
  distinct_ip_address_count double precision, is_whole boolean, is_final boolean, late_count bigint)
language sql stable parallel restricted as $$
  select bucket, grain, request_count, success_count, error_count, error_rate, bytes_sum, timed_count, average_response_time_msec,
         max_response_time_msec, percentiles[1], percentiles[2], percentiles[3], percentiles[4], distinct_ip_address_count, is_whole, is_final,
         late_count
  from ${schema}.traffic_rows(${schema}.traffic_query(site, since, until, points, ${schema}.sums_of(${schema}.traffic_columns())))
$$;
comment on function ${schema}.traffic(int, timestamptz, timestamptz, int) is
  'A series of about as many points as asked for, from the bucket that holds since until before until, of one site or, with null, of all sites together';

-- Where clocks go back to midnight it comes twice, and AT TIME ZONE takes the second. So: what follows
-- the last instant of the day before.
create or replace function ${schema}.day_start(day date, zone text) returns timestamptz
language sql stable parallel safe as $$
  select (day - interval '1 microsecond') at time zone zone + interval '1 microsecond'
$$;
comment on function ${schema}.day_start(date, text) is 'When a day begins in a time zone';

create or replace function ${schema}.traffic_day(site int, since date, until date, zone text)
returns table (
  day date, starts_at timestamptz, ends_at timestamptz, request_count bigint, success_count bigint, error_count bigint,
  error_rate double precision, bytes_sum bigint, timed_count bigint, average_response_time_msec double precision,
  max_response_time_msec double precision, p50_msec double precision, p90_msec double precision, p95_msec double precision,
  p99_msec double precision, distinct_ip_address_count double precision, is_exact boolean, is_whole boolean, is_final boolean,
  late_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  hour constant interval := '1 hour';
  epoch constant timestamptz := '1970-01-01Z';
  kept record;
  first timestamptz;
  last timestamptz;
  as_utc boolean;      -- all these days begin with those of UTC
  from_days date;      -- days before this one are made of day rows
  rounded date[];      -- days whose ends are not those of the rows
  by_minute timestamptz[];  -- hours of which minutes are taken
  parts text[] := '{}';
  columns constant text := '(bucket at time zone %L)::date as day, ' || ${schema}.columns_of(${schema}.traffic_columns());
begin
  if since is null or until is null or not isfinite(since) or not isfinite(until) then
    raise exception 'a range needs its two ends, got % and %', since, until using errcode = '22023';
  end if;
  if zone is null then
    raise exception 'days need a time zone, such as Europe/Berlin' using errcode = '22023';
  end if;
  first := ${schema}.day_start(since, zone);  -- fails where there is no such zone
  last := ${schema}.day_start(until, zone);
  if since >= until then return; end if;
  if until - since > 36600 then
    raise exception 'a range of days may have 36600 of them, got % to %', since, until using errcode = '22023';
  end if;
  kept := ${schema}.kept_since();

  select bool_and(midnight = date::timestamp at time zone 'UTC'),
         array_agg(begun) filter (where midnight > begun and begun >= kept.minutes),
         array_agg(date) filter (where midnight > begun and begun < kept.minutes)
  into as_utc, by_minute, rounded
  from (select moment::date as date, ${schema}.day_start(moment::date, zone) as midnight,
               date_bin(hour, ${schema}.day_start(moment::date, zone), epoch) as begun
        from generate_series(since::timestamp, until::timestamp, '1 day') as moment) as days;
  -- A midnight is the end of the day before, too.
  rounded := rounded || array(select date - 1 from unnest(rounded) as date);
  -- The row of this hour lags behind its minutes.
  if date_trunc('hour', now()) >= kept.minutes then by_minute := array_append(by_minute, date_trunc('hour', now())); end if;

  from_days := since;
  if as_utc and first >= kept.days then
    from_days := greatest(since, least(until, now()::date));
  elsif date_bin(hour, first, epoch) < kept.hours then
    from_days := least(until, (kept.hours at time zone zone)::date + 1);
    if not as_utc then
      rounded := rounded || array(select moment::date from generate_series(since::timestamp, from_days - 1, '1 day') as moment);
    end if;
  end if;

  if from_days > since then
    parts := parts || ${schema}.traffic_part(
      '1day', site, format('bucket >= %L and bucket < %L', since::timestamptz, from_days::timestamptz), format(columns, 'UTC'));
  end if;
  if from_days < until then
    first := ${schema}.day_start(from_days, zone);
    parts := parts || ${schema}.traffic_part(
      '1hour', site,
      format('bucket >= %L and bucket < %L and bucket <> all (%L::timestamptz[])', first, last, coalesce(by_minute, '{}')),
      format(columns, zone));
    by_minute := array(select h from unnest(by_minute) as h where h < last and h + hour > first);
    if cardinality(by_minute) > 0 then
      parts := parts || ${schema}.traffic_part(
        '1min', site,
        format('bucket >= %L and bucket < %L and date_bin(''1 hour'', bucket, %L) = any (%L::timestamptz[])',
               greatest(first, (select min(h) from unnest(by_minute) as h)),
               least(last, (select max(h) + hour from unnest(by_minute) as h)), epoch, by_minute),
        format(columns, zone));
    end if;
  end if;

  return query
    select date, days.starts_at, days.ends_at, total.request_count, total.success_count, total.error_count, total.error_rate, total.bytes_sum,
           total.timed_count, total.average_response_time_msec, total.max_response_time_msec, percentiles[1], percentiles[2],
           percentiles[3], percentiles[4], total.distinct_ip_address_count, date <> all (coalesce(rounded, '{}')),
           total.is_whole, total.is_final and days.ends_at <= now(), total.late_count
    from ${schema}.traffic_rows(format('select day::timestamptz, null::text, %s from (%s) as part group by day order by day',
                                       ${schema}.sums_of(${schema}.traffic_columns()), array_to_string(parts, ' union all '))) as total
    cross join lateral (select total.bucket::date as date) as key
    cross join lateral (select ${schema}.day_start(date, zone) as starts_at, ${schema}.day_start(date + 1, zone) as ends_at) as days;
end
$$;
comment on function ${schema}.traffic_day(int, date, date, text) is
  'Days of a time zone, from since until the day before until, made of hours, and of minutes where midnight is not on the hour; of one site or, with null, of all sites together';

create or replace function ${schema}.traffic_counts(site int, since timestamptz, until timestamptz, points int default 300)
returns table (bucket timestamptz, grain text, request_count bigint, error_count bigint, bytes_sum bigint, is_whole boolean, is_final boolean, late_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points,
    ${schema}.sums_of('{request_count, error_count, bytes_sum, is_whole, is_final, late_count}'));
end
$$;
comment on function ${schema}.traffic_counts(int, timestamptz, timestamptz, int) is
  'The buckets of traffic() without response times and visitors, at a tenth of the cost';

create or replace function ${schema}.traffic_visitors(site int, since timestamptz, until timestamptz, points int default 300)
returns table (bucket timestamptz, grain text, unique_visitors double precision)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points, ${schema}.sum_of('distinct_ip_address_count'));
end
$$;
comment on function ${schema}.traffic_visitors(int, timestamptz, timestamptz, int) is 'The buckets of traffic() with the visitors of each';

create or replace function ${schema}.traffic_percentiles(
  site int, since timestamptz, until timestamptz, points int, fractions double precision[])
returns table (bucket timestamptz, grain text, percentiles double precision[])
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
begin
  return query execute ${schema}.traffic_query(site, since, until, points,
    format('percentiles(%s, %L)', ${schema}.sum_of('response_time_histogram'), fractions));
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
    format('histogram_cells(%s, %L)', ${schema}.sum_of('response_time_histogram'), ${schema}.histogram_bounds(bounds_msec)));
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
    format('status_classes(%s)', ${schema}.sum_of('status_counters')));
end
$$;
comment on function ${schema}.traffic_status(int, timestamptz, timestamptz, int) is
  'The buckets of traffic() with the requests of each by the first digit of their status, 1 to 5';
