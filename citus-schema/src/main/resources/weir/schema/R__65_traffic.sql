-- Series for charts. As in R__60_ranges.sql the statements are made as text with the bounds in them.

-- Several rows with one key become one: the same text for buckets and for days of a zone, for one
-- site (a row or a few each, all on one shard) and for all (a part of each sum from every shard). Not
-- to be put into a subquery: Citus would keep its rows in between.
create or replace function ${schema}.traffic_sums(key text, parts text) returns text
language sql immutable parallel safe as $$
  select format($query$
    select %s as key, sum(request_count)::bigint as request_count, sum(success_count)::bigint as success_count,
           sum(error_count)::bigint as error_count,
           sum(error_count)::double precision / nullif(sum(request_count), 0) as error_rate,
           sum(bytes_sum)::bigint as bytes_sum, sum(timed_count)::bigint as timed_count,
           sum(response_time_sum_usec)::double precision / nullif(sum(timed_count), 0) / 1000 as average_response_time_msec,
           max(response_time_max_usec) / 1000.0::double precision as max_response_time_msec,
           ${schema}.percentiles(${schema}.histogram_sum(response_time_histogram), '{0.5, 0.9, 0.95, 0.99}') as percentiles,
           hll_cardinality(hll_union_agg(distinct_ip_addresses)) as distinct_ip_address_count,
           bool_and(is_whole) as is_whole, bool_and(is_final) as is_final
    from (%s) as part group by %1$s order by %1$s$query$, key, parts)
$$;
comment on function ${schema}.traffic_sums(text, text) is 'The text of the query that sums rows by a key';

create or replace function ${schema}.traffic_part(key text, grain text, site int, condition text) returns text
language sql immutable parallel safe as $$
  select format($query$
    select site_id, %s, request_count, success_count, error_count, bytes_sum, timed_count, response_time_sum_usec,
           response_time_max_usec, response_time_histogram::bigint[] as response_time_histogram,
           distinct_ip_addresses, is_whole, is_final
    from ${schema}.traffic_%s where %s$query$, key, grain, condition || coalesce(' and site_id = ' || site, ''))
$$;
comment on function ${schema}.traffic_part(text, text, int, text) is 'The text of a query for the rows that traffic_sums sums';

create or replace function ${schema}.traffic_grain(since timestamptz, until timestamptz, points int default 300) returns text
language plpgsql stable parallel restricted as $$
declare
  kept record;
  answer text;
begin
  perform ${schema}.check_range(since, until);
  if points is null or points < 1 then
    raise exception 'a chart needs a point or more, got %', points using errcode = '22023';
  end if;
  kept := ${schema}.kept_since();
  select grain into answer
  from (values ('1min', 60, kept.minutes), ('1hour', 3600, kept.hours), ('1day', 86400, kept.days)) as t (grain, seconds, oldest)
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

create or replace function ${schema}.traffic(site int, since timestamptz, until timestamptz, points int default 300)
returns table (
  bucket timestamptz, grain text, request_count bigint, success_count bigint, error_count bigint, error_rate double precision,
  bytes_sum bigint, timed_count bigint, average_response_time_msec double precision, max_response_time_msec double precision,
  p50_msec double precision, p90_msec double precision, p95_msec double precision, p99_msec double precision,
  distinct_ip_address_count double precision, is_whole boolean, is_final boolean)
language plpgsql stable parallel restricted set search_path = ${searchPath} set timezone = 'UTC' as $$
declare
  chosen text := ${schema}.traffic_grain(since, until, points);
  first timestamptz := date_bin(('1 ' || substr(chosen, 2))::interval, since, '1970-01-01Z');
  total record;
begin
  if since >= until then return; end if;
  for total in execute ${schema}.traffic_sums('bucket',
    ${schema}.traffic_part('bucket', chosen, site, format('bucket >= %L and bucket < %L', first, until)))
  loop
    bucket := total.key;
    grain := chosen;
    request_count := total.request_count;
    success_count := total.success_count;
    error_count := total.error_count;
    error_rate := total.error_rate;
    bytes_sum := total.bytes_sum;
    timed_count := total.timed_count;
    average_response_time_msec := total.average_response_time_msec;
    max_response_time_msec := total.max_response_time_msec;
    p50_msec := total.percentiles[1];
    p90_msec := total.percentiles[2];
    p95_msec := total.percentiles[3];
    p99_msec := total.percentiles[4];
    distinct_ip_address_count := total.distinct_ip_address_count;
    is_whole := total.is_whole;
    is_final := total.is_final;
    return next;
  end loop;
end
$$;
comment on function ${schema}.traffic(int, timestamptz, timestamptz, int) is
  'A series of about so many points, from the bucket that holds since until before until, of one site or, with null, of all sites together';

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
  p99_msec double precision, distinct_ip_address_count double precision, is_exact boolean, is_whole boolean, is_final boolean)
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
  total record;
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
    parts := parts || ${schema}.traffic_part('(bucket at time zone ''UTC'')::date as day', '1day', site,
      format('bucket >= %L and bucket < %L', since::timestamptz, from_days::timestamptz));
  end if;
  if from_days < until then
    first := ${schema}.day_start(from_days, zone);
    parts := parts || ${schema}.traffic_part(format('(bucket at time zone %L)::date as day', zone), '1hour', site,
      format('bucket >= %L and bucket < %L and bucket <> all (%L::timestamptz[])', first, last, coalesce(by_minute, '{}')));
    by_minute := array(select h from unnest(by_minute) as h where h < last and h + hour > first);
    if cardinality(by_minute) > 0 then
      parts := parts || ${schema}.traffic_part(format('(bucket at time zone %L)::date as day', zone), '1min', site,
        format('bucket >= %L and bucket < %L and date_bin(''1 hour'', bucket, %L) = any (%L::timestamptz[])',
               greatest(first, (select min(h) from unnest(by_minute) as h)),
               least(last, (select max(h) + hour from unnest(by_minute) as h)), epoch, by_minute));
    end if;
  end if;

  for total in execute ${schema}.traffic_sums('day', array_to_string(parts, ' union all ')) loop
    day := total.key;
    starts_at := ${schema}.day_start(day, zone);
    ends_at := ${schema}.day_start(day + 1, zone);
    request_count := total.request_count;
    success_count := total.success_count;
    error_count := total.error_count;
    error_rate := total.error_rate;
    bytes_sum := total.bytes_sum;
    timed_count := total.timed_count;
    average_response_time_msec := total.average_response_time_msec;
    max_response_time_msec := total.max_response_time_msec;
    p50_msec := total.percentiles[1];
    p90_msec := total.percentiles[2];
    p95_msec := total.percentiles[3];
    p99_msec := total.percentiles[4];
    distinct_ip_address_count := total.distinct_ip_address_count;
    is_whole := total.is_whole;
    is_exact := day <> all (coalesce(rounded, '{}'));
    is_final := total.is_final and ends_at <= now();
    return next;
  end loop;
end
$$;
comment on function ${schema}.traffic_day(int, date, date, text) is
  'Days of a time zone, from since until the day before until, made of hours, and of minutes where midnight is not on the hour; of one site or, with null, of all sites together';
