-- Numbers of any range of time, put together from days, hours and minutes. The statements are made
-- as text with the bounds in them: Citus then asks only the shard of the site, and PostgreSQL reads
-- only the partitions of the range. All run with the caller's rights and row security. Not parallel
-- safe: Citus cannot ask its nodes from within a parallel worker.

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

-- The three grains by name: which of them has the last word at an end differs, and a loop would hide that.
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

create or replace function ${schema}.traffic_part(grain text, site int, condition text, columns text) returns text
language plpgsql immutable parallel safe as $$
begin
  return format('select site_id, %s from ${schema}.traffic_%s_parts where %s', columns, grain, condition || coalesce(' and site_id = ' || site, ''));
end
$$;
comment on function ${schema}.traffic_part(text, int, text, text) is
  'The text of a query for rows of one grain, of one site or, without a site, of all';

create or replace function ${schema}.range_query(site int, since timestamptz, until timestamptz, columns text) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
begin
  return coalesce(
    (select string_agg(
       ${schema}.traffic_part(grain, site, format('bucket >= %L and bucket < %L', starts_at, ends_at), columns), ' union all ')
     from ${schema}.range_pieces(since, until)),
    ${schema}.traffic_part('1day', null, 'false', columns));
end
$$;
comment on function ${schema}.range_query(int, timestamptz, timestamptz, text) is
  'The text of a query for the rows that a range is made of, of one site or, without a site, of all';

create or replace function ${schema}.range_sums(
  key text, site int, since timestamptz, until timestamptz, variadic names text[]) returns text
language plpgsql stable parallel restricted as $$
begin
  return format('select %s%s from (%s) as part', key || ', ', ${schema}.sums_of(names),
                ${schema}.range_query(site, since, until, ${schema}.columns_of(names)));
end
$$;
comment on function ${schema}.range_sums(text, int, timestamptz, timestamptz, text[]) is
  'The text of a query that sums a range into these, after a key if one is given';

create or replace function ${schema}.unique_visitors(site int, since timestamptz, until timestamptz) returns double precision
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  answer double precision;
begin
  execute ${schema}.range_sums(null, site, since, until, 'distinct_ip_address_count') into answer;
  return coalesce(answer, 0);
end
$$;
comment on function ${schema}.unique_visitors(int, timestamptz, timestamptz) is
  'Estimated number of client addresses from since until just before until, of one site or, with null, of all sites';

create or replace function ${schema}.response_times(
  site int, since timestamptz, until timestamptz,
  out timed_count bigint, out average_msec double precision, out max_msec double precision,
  out p50_msec double precision, out p90_msec double precision, out p95_msec double precision, out p99_msec double precision,
  out sd_msec double precision)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  percentiles double precision[];
begin
  execute ${schema}.range_sums(null, site, since, until,
                               'timed_count', 'average_response_time_msec', 'max_response_time_msec', 'percentiles', 'sd_msec')
  into timed_count, average_msec, max_msec, percentiles, sd_msec;
  p50_msec := percentiles[1];
  p90_msec := percentiles[2];
  p95_msec := percentiles[3];
  p99_msec := percentiles[4];
end
$$;
comment on function ${schema}.response_times(int, timestamptz, timestamptz) is
  'Response times from since until just before until, in milliseconds, percentiles within 2.5 %, the standard deviation within 2.5 % of the root mean square; null when nothing was timed';

create or replace function ${schema}.response_time_percentiles(
  site int, since timestamptz, until timestamptz, fractions double precision[]) returns double precision[]
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  answer double precision[];
begin
  if array_length(fractions, 1) is null or array_position(fractions, null) is not null or 0 > any (fractions) or 1 < any (fractions)
     or fractions <> array(select fraction from unnest(fractions) as fraction order by fraction) then
    raise exception 'percentiles take fractions from 0 to 1 in ascending order, such as {0.5,0.999}, not %', coalesce(fractions::text, 'null')
      using errcode = '22023';
  end if;
  execute format('select percentiles(%s, %L) from (%s) as part', ${schema}.sum_of('response_time_histogram'), fractions,
                 ${schema}.range_query(site, since, until, ${schema}.columns_of('{response_time_histogram}')))
  into answer;
  return answer;
end
$$;
comment on function ${schema}.response_time_percentiles(int, timestamptz, timestamptz, double precision[]) is
  'Percentiles of the response times from since until just before until, in milliseconds, by ascending fractions, within 2.5 %; null when nothing was timed';

create or replace function ${schema}.range_counters(counters text, site int, since timestamptz, until timestamptz)
returns table (key text, request_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$
declare
  answer jsonb;
begin
  execute ${schema}.range_sums(null, site, since, until, counters) into answer;
  return query
    select counter.key, value::bigint from jsonb_each_text(answer) as counter order by value::bigint desc, counter.key collate "C";
end
$$;
comment on function ${schema}.range_counters(text, int, timestamptz, timestamptz) is 'Requests by the keys of a measure that has counters, most first';

create or replace function ${schema}.countries(site int, since timestamptz, until timestamptz)
returns table (country text, request_count bigint)
language sql stable parallel restricted as $$ select * from ${schema}.range_counters('country_counters', site, since, until) $$;
comment on function ${schema}.countries(int, timestamptz, timestamptz) is
  'Requests by country from since until just before until, most first';

create or replace function ${schema}.status_codes(site int, since timestamptz, until timestamptz)
returns table (status text, request_count bigint)
language sql stable parallel restricted as $$ select * from ${schema}.range_counters('status_counters', site, since, until) $$;
comment on function ${schema}.status_codes(int, timestamptz, timestamptz) is
  'Requests by status from since until just before until, most first';

-- RETURN QUERY, as a loop over the rows is a cursor, which Citus plans twice.
create or replace function ${schema}.range_totals(query text)
returns table (
  site_id int, request_count bigint, error_count bigint, error_rate double precision, bytes_sum bigint,
  percentiles double precision[], unique_visitors double precision, late_count bigint)
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$ begin return query execute query; end $$;
comment on function ${schema}.range_totals(text) is 'Part of totals and site_totals';

create or replace function ${schema}.totals_query(key text, site int, since timestamptz, until timestamptz) returns text
language sql stable parallel restricted as $$
  select ${schema}.range_sums(key, site, since, until,
                              'request_count', 'error_count', 'error_rate', 'bytes_sum', 'percentiles', 'distinct_ip_address_count', 'late_count')
$$;
comment on function ${schema}.totals_query(text, int, timestamptz, timestamptz) is 'Part of totals and site_totals: the text of their query';

create or replace function ${schema}.totals(site int, since timestamptz, until timestamptz)
returns table (
  request_count bigint, error_count bigint, error_rate double precision, bytes_sum bigint,
  p50_msec double precision, p95_msec double precision, p99_msec double precision, unique_visitors double precision,
  late_count bigint)
language sql stable parallel restricted as $$
  select request_count, error_count, error_rate, bytes_sum, percentiles[1], percentiles[3], percentiles[4], coalesce(unique_visitors, 0), late_count
  from ${schema}.range_totals(${schema}.totals_query('null::int', site, since, until))
$$;
comment on function ${schema}.totals(int, timestamptz, timestamptz) is
  'What there was from since until just before until, in one row, of one site or, with null, of all sites together';

create or replace function ${schema}.site_totals(site int, since timestamptz, until timestamptz)
returns table (
  site_id int, request_count bigint, error_count bigint, error_rate double precision, bytes_sum bigint,
  p50_msec double precision, p95_msec double precision, p99_msec double precision, unique_visitors double precision,
  late_count bigint)
language sql stable parallel restricted as $$
  select site_id, request_count, error_count, error_rate, bytes_sum, percentiles[1], percentiles[3], percentiles[4], unique_visitors, late_count
  from ${schema}.range_totals(${schema}.totals_query('site_id', site, since, until) || ' group by site_id order by 2 desc, 1')
$$;
comment on function ${schema}.site_totals(int, timestamptz, timestamptz) is
  'What there was from since until just before until, a row a site, most requests first; of one site or, with null, of each';
