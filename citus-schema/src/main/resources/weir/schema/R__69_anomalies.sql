-- Minutes that are not like those of the same hour on earlier days. docs/statistics.md has the rules.

-- How far minutes are judged: up to the newest that is final, so that none is taken for low which is still being counted.
-- A site that is silent has no rows, so where its own end some time ago, those of the other sites decide that the reader sees.
create or replace function ${schema}.judged_until(site int, since timestamptz) returns timestamptz
language plpgsql stable parallel restricted set search_path = ${searchPath} set timezone = 'UTC' as $$
declare
  up_to_date constant interval := '20 minutes';
  answer timestamptz;
begin
  execute 'select max(bucket) from (' || ${schema}.traffic_part('1min', site, format('is_final and not is_late and bucket >= %L', since), 'bucket') || ') as part'
  into answer;
  if site is not null and (answer is null or answer < now() - up_to_date) then
    execute 'select max(bucket) from (' || ${schema}.traffic_part('1min', null, format('is_final and not is_late and bucket >= %L', since), 'bucket') || ') as part'
    into answer;
  end if;
  return answer;
end
$$;
comment on function ${schema}.judged_until(int, timestamptz) is 'Part of anomalies: the last minute that is judged; null if there is none';

create or replace function ${schema}.known_minutes(site int, since timestamptz, until timestamptz)
returns table (bucket timestamptz, requests double precision, errors double precision, timed double precision, msec double precision)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
#variable_conflict use_column
declare
  columns constant text[] := '{request_count, error_count, timed_count, average_response_time_msec, is_whole}';
  bounds constant record := ${schema}.series_bounds(since, until, '1min');
begin
  return query
    with answer as materialized (
      select * from ${schema}.series_rows(${schema}.series_query(site, bounds.first, bounds.last, '1min', columns))
    )
    select each, coalesce(measured[1], 0), coalesce(measured[2], 0), coalesce(measured[3], 0), measured[4]
    from generate_series((select min(bucket) from answer), bounds.last - interval '1 microsecond', bounds.step) as each
    left join answer on answer.bucket = each
    where coalesce(measured[5], 1) = 1;
end
$$;
comment on function ${schema}.known_minutes(int, timestamptz, timestamptz) is
  'Part of anomalies: the minutes from the first with requests on, empty ones too, but none that is not whole';

-- For each hour since then: of each measure the median of the minutes of the same hour on earlier days, and a robust
-- standard deviation, 1.4826 times the median of the deviations from it.
create or replace function ${schema}.hour_bands(site int, since timestamptz, until timestamptz)
returns table (
  hour timestamptz, history_days int, history_minutes int, silent_share double precision,
  requests double precision, requests_sd double precision, error_rate double precision, error_rate_sd double precision,
  log_msec double precision, log_msec_sd double precision)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
#variable_conflict use_column
begin
  return query
    with minute as materialized (
      select bucket, requests, errors / nullif(requests, 0) as error_rate,
             case when timed >= 5 and msec > 0 then ln(msec) end as log_msec
      from ${schema}.known_minutes(site, date_trunc('hour', since) - interval '28 days', until)
    ), earlier as materialized (
      select hour, days, minute.*
      from generate_series(date_trunc('hour', since), until - interval '1 microsecond', '1 hour') as hour
      cross join generate_series(1, 28) as days
      join minute on date_trunc('hour', bucket) = hour - days * interval '1 day'
    ), available as (
      select hour, count(distinct days) filter (where days % 7 = 0) as weeks from earlier group by hour
    ), history as materialized (
      select earlier.* from earlier join available using (hour) where weeks < 3 or days % 7 = 0
    ), middle as (
      select hour, count(distinct days)::int as history_days, count(*)::int as history_minutes,
             count(*) filter (where requests = 0) / count(*)::double precision as silent_share,
             percentile_cont(0.5) within group (order by requests) as requests,
             percentile_cont(0.5) within group (order by error_rate) as error_rate,
             percentile_cont(0.5) within group (order by log_msec) as log_msec
      from history group by hour
    ), scatter as (
      select hour, 1.4826 * percentile_cont(0.5) within group (order by abs(history.requests - middle.requests)) as requests_sd,
             1.4826 * percentile_cont(0.5) within group (order by abs(history.error_rate - middle.error_rate)) as error_rate_sd,
             1.4826 * percentile_cont(0.5) within group (order by abs(history.log_msec - middle.log_msec)) as log_msec_sd
      from history join middle using (hour) group by hour
    )
    select hour, history_days, history_minutes, silent_share, requests, requests_sd, error_rate, error_rate_sd, log_msec, log_msec_sd
    from middle join scatter using (hour);
end
$$;
comment on function ${schema}.hour_bands(int, timestamptz, timestamptz) is
  'Part of anomalies: what is usual, by hour; from the same weekday if there are three earlier ones within 28 days';

create or replace function ${schema}.anomalies(site int, since timestamptz)
returns table (bucket timestamptz, kind text, value double precision, expected double precision, lower double precision, upper double precision, history_days int)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
#variable_conflict use_column
declare
  k constant double precision := 5;            -- robust standard deviations
  least_log_sd constant double precision := 0.05;
  silence_chance constant double precision := 1e-6;
  needed_days constant int := 3;
  first timestamptz;
  last timestamptz;
begin
  if since is null or since < now() - interval '31 days' then
    raise exception 'anomalies are looked for in the last 31 days, got %', coalesce(since::text, 'null') using errcode = '22023';
  end if;
  first := date_trunc('minute', since);
  last := ${schema}.judged_until(site, first);
  if last is null then return; end if;
  return query
    with known as materialized (
      select * from ${schema}.known_minutes(site, date_trunc('hour', first) - interval '28 days', last + interval '1 minute')
    ), minute as materialized (
      select bucket, date_trunc('hour', bucket) as hour, requests, errors / nullif(requests, 0) as error_rate,
             case when timed >= 5 then msec end as msec
      from known where bucket >= first
      union all  -- of a site that nobody knows, all are silent
      select each, date_trunc('hour', each), 0, null, null
      from generate_series(first, last, interval '1 minute') as each where not exists (select from known)
    ), usual as materialized (
      select * from ${schema}.hour_bands(site, first, last + interval '1 minute')
    ), judged as (
      select minute.*, usual.requests as usual_requests, usual.requests_sd, usual.error_rate as usual_rate, usual.error_rate_sd,
             usual.log_msec, greatest(usual.log_msec_sd, least_log_sd) as log_msec_sd, usual.history_days,
             ln(greatest(usual.silent_share, 1.0 / (usual.history_minutes + 1))) as log_silent,
             count(*) filter (where minute.requests > 0) over (order by bucket) as run
      from minute join usual using (hour)
      where usual.history_days >= needed_days
    ), run as (
      select judged.*, sum(log_silent) filter (where requests = 0) over (partition by run) < ln(silence_chance) and requests = 0 as is_silence
      from judged
    ), band as (
      -- Numbers of requests and errors scatter at least as Poisson numbers do, whose square roots have a deviation of 1/2.
      select run.bucket, 'requests' as kind, run.requests as value, usual_requests as expected,
             greatest(least(usual_requests - k * requests_sd, power(greatest(sqrt(usual_requests) - k / 2, 0), 2)), 0) as lower,
             greatest(usual_requests + k * requests_sd, power(sqrt(usual_requests) + k / 2, 2)) as upper, run.history_days
      from run where not is_silence
      union all
      select run.bucket, 'error_rate', run.error_rate, usual_rate, 0,
             greatest(usual_rate + k * error_rate_sd, power(sqrt(usual_rate) + k / 2 / sqrt(requests), 2)), run.history_days
      from run where requests > 0
      union all
      select run.bucket, 'response_time', msec, exp(log_msec), exp(log_msec - k * log_msec_sd), exp(log_msec + k * log_msec_sd), run.history_days
      from run
    )
    select band.bucket, band.kind, band.value, band.expected, band.lower, band.upper, band.history_days
    from band where value < lower or value > upper
    union all
    select run.bucket, 'silence', 0, usual_requests, null, null, run.history_days from run where is_silence
    union all
    select min(minute.bucket), 'no_history', null, null, null, null, coalesce(max(usual.history_days), 0)
    from minute left join usual using (hour)
    where coalesce(usual.history_days, 0) < needed_days
    group by hour
    order by 1, 2;
end
$$;
comment on function ${schema}.anomalies(int, timestamptz) is
  'Minutes since then whose requests, error rate or response time are far from those of the same hour on earlier days, silent ones, and hours that cannot be judged; of one site or, with null, of all sites together';
