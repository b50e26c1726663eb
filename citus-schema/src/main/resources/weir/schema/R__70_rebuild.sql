-- Hours made again from their minutes, and days from their hours.
--
-- A minute without a row is a minute without requests, or one that nobody read, or one that was
-- lost. The sums cannot tell, so the rule of the job decides: a row is only ever replaced by one that
-- is whole where it was not, or has at least as many requests. An hour that knows more than its
-- minutes stays. What the rows say about their reading does tell whether a job was stopped or began
-- within a window: it leaves minutes of which no site has a final row. Such a window is broken, and
-- its rows become neither whole nor final by being made again, whatever the minutes of their own
-- site say; what they were before, they stay. A job that is still reading this far back is not
-- hurt: its rows are whole and have at least as many requests, so they are written as ever.

-- Windows begin at the UTC hour or day, which the origin 1970-01-01 gives.
create or replace function ${schema}.closed_windows(
  coarse text, since timestamptz, until timestamptz, settle interval, moment timestamptz)
returns setof timestamptz
language sql stable set timezone = 'UTC' as $$
  with grain as (
    select known.coarse, known.fine, known.span
    from (values ('http_request_1hour', 'http_request_1min', interval '1 hour'),
                 ('http_request_1day', 'http_request_1hour', interval '1 day')) as known (coarse, fine, span)
    where known.coarse = closed_windows.coarse
  ), partition as (
    select p.lower_bound, p.upper_bound from grain join ${schema}.partitions() as p on p.parent = fine
  ), bounds as (
    select span,
           greatest(since, min(lower_bound), moment - (select max(keep) from ${schema}.retention_policy where table_name = fine),
                    moment - (select max(keep) from ${schema}.retention_policy where table_name = grain.coarse)) as lower_bound,
           least(until, max(upper_bound), moment - settle) as upper_bound
    from grain, partition
    group by span, fine, grain.coarse
  )
  select start
  from bounds,
  lateral generate_series(date_bin(span, lower_bound + span - interval '1 microsecond', '1970-01-01 00:00:00+00'),
                          upper_bound - span, span) as start
  where isfinite(lower_bound) and isfinite(upper_bound)
    and exists (select from partition
                where partition.lower_bound <= start and start + span <= partition.upper_bound)
$$;
comment on function ${schema}.closed_windows(text, timestamptz, timestamptz, interval, timestamptz) is
  'Starts of the hours or days wholly within a range that ended settle ago, and whose finer rows are all still kept';

-- What the rows of a window of the coarser grain should be, by its finer rows. Sums stop at the
-- largest number, as the job's do. $1 are the windows, $2 and $3 the times around them.
create or replace function ${schema}.coarse_rows_sql(coarse text) returns text
language sql immutable parallel safe as $function$
  select format($sql$
    select site_id, date_bin(%L::interval, bucket, timestamptz '1970-01-01 00:00:00+00') as bucket,
           sum(request_count)::bigint as request_count,
           sum(success_count)::bigint as success_count,
           sum(error_count)::bigint as error_count,
           sum(timed_count)::bigint as timed_count,
           least(sum(response_time_sum_usec), 9223372036854775807)::bigint as response_time_sum_usec,
           max(response_time_max_usec) as response_time_max_usec,
           least(sum(bytes_sum), 9223372036854775807)::bigint as bytes_sum,
           hll_union_agg(distinct_ip_addresses) as distinct_ip_addresses,
           ${schema}.jsonb_sum(country_counters) as country_counters,
           ${schema}.jsonb_sum(status_counters) as status_counters,
           ${schema}.histogram_sum(response_time_histogram::bigint[]) as response_time_histogram,
           bool_and(is_whole) as is_whole,
           bool_and(is_final) as is_final
    from ${schema}.%I
    where bucket >= $2 and bucket < $3
      and date_bin(%1$L::interval, bucket, timestamptz '1970-01-01 00:00:00+00') = any ($1)
    group by 1, 2
  $sql$, span, fine)
  from (values ('http_request_1hour', 'http_request_1min', '1 hour'),
               ('http_request_1day', 'http_request_1hour', '1 day')) as known (name, fine, span)
  where name = coarse
$function$;
comment on function ${schema}.coarse_rows_sql(text) is
  'Part of rebuild and audit: the query that sums up finer rows ($1 windows, $2 and $3 the times around them)';

-- Rows that would not change are left alone. SET and WHERE take only immutable expressions on Citus.
-- $4 are the broken windows, $5 is the time of the rebuild.
create or replace function ${schema}.rebuild_sql(coarse text) returns text
language sql immutable parallel safe as $function$
  select format($sql$
    insert into ${schema}.%1$I as t (
      site_id, bucket, request_count, success_count, error_count, timed_count, response_time_sum_usec,
      response_time_max_usec, bytes_sum, distinct_ip_addresses, country_counters, status_counters,
      response_time_histogram, is_whole, is_final, updated_at)
    select
      made.site_id, made.bucket, made.request_count, made.success_count, made.error_count, made.timed_count,
      made.response_time_sum_usec, made.response_time_max_usec, made.bytes_sum, made.distinct_ip_addresses,
      made.country_counters, made.status_counters, made.response_time_histogram,
      made.is_whole and (made.bucket <> all ($4) or coalesce(held.is_whole, false)),
      made.is_final and (made.bucket <> all ($4) or coalesce(held.is_final, false)),
      $5
    from (%2$s) as made
    left join ${schema}.%1$I as held
      on held.site_id = made.site_id and held.bucket = made.bucket and held.bucket >= $2 and held.bucket < $3
    order by 1, 2
    on conflict (site_id, bucket) do update set
      request_count = excluded.request_count,
      success_count = excluded.success_count,
      error_count = excluded.error_count,
      timed_count = excluded.timed_count,
      response_time_sum_usec = excluded.response_time_sum_usec,
      response_time_max_usec = excluded.response_time_max_usec,
      bytes_sum = excluded.bytes_sum,
      distinct_ip_addresses = excluded.distinct_ip_addresses,
      country_counters = excluded.country_counters,
      status_counters = excluded.status_counters,
      response_time_histogram = excluded.response_time_histogram,
      is_whole = excluded.is_whole,
      is_final = t.is_final or excluded.is_final,
      updated_at = excluded.updated_at
    where (excluded.is_whole, excluded.request_count, excluded.is_final) >= (t.is_whole, t.request_count, t.is_final)
      and (excluded.request_count, excluded.success_count, excluded.error_count, excluded.timed_count,
           excluded.response_time_sum_usec, excluded.response_time_max_usec, excluded.bytes_sum,
           hll_send(excluded.distinct_ip_addresses), excluded.country_counters, excluded.status_counters,
           excluded.response_time_histogram, excluded.is_whole, t.is_final or excluded.is_final)
        is distinct from
          (t.request_count, t.success_count, t.error_count, t.timed_count,
           t.response_time_sum_usec, t.response_time_max_usec, t.bytes_sum,
           hll_send(t.distinct_ip_addresses), t.country_counters, t.status_counters,
           t.response_time_histogram, t.is_whole, t.is_final)
    returning 1
  $sql$, coarse, ${schema}.coarse_rows_sql(coarse))
$function$;
comment on function ${schema}.rebuild_sql(text) is
  'Part of rebuild: the statement that writes a coarser grain ($4 windows that become no better, $5 now)';

-- Rows are counted as they are returned: the update count of Citus counts the refused ones too.
create or replace function ${schema}.rebuild(
  coarse text, since timestamptz, until timestamptz, settle interval, moment timestamptz)
returns bigint
language plpgsql set search_path = ${searchPath} set timezone = 'UTC' set datestyle = 'ISO' as $function$
declare
  span interval := case coarse when 'http_request_1hour' then '1 hour' else '1 day' end;
  fine text := case coarse when 'http_request_1hour' then 'http_request_1min' else 'http_request_1hour' end;
  windows timestamptz[];
  first timestamptz;
  behind timestamptz;
  broken timestamptz[];
  archived text;
  one int;
  written bigint := 0;
begin
  if not coalesce(settle >= interval '0' and isfinite(moment), false) then
    raise exception 'a rebuild needs a settle that is not negative' using errcode = '22023';
  end if;
  select array_agg(start order by start), min(start), max(start) + span into windows, first, behind
  from ${schema}.closed_windows(coarse, since, until, settle, moment) as start;
  if windows is null then return 0; end if;
  select format('%s(''%s'', ''%s'')', 'select ${schema}.restore_partition', coarse, p.lower_bound) into archived
  from ${schema}.partitions() as p
  where p.parent = coarse and p.is_archived and p.lower_bound < behind and first < p.upper_bound
  order by p.lower_bound limit 1;
  if archived is not null then
    raise exception 'rows to rebuild are archived: bring them back first: %', archived using errcode = '0A000';
  end if;
  execute format($sql$
    select coalesce(array_agg(distinct date_bin(%L::interval, bucket, timestamptz '1970-01-01 00:00:00+00')), '{}')
    from (select bucket from ${schema}.%I where bucket >= $1 and bucket < $2
          group by bucket having not bool_or(is_final)) as never_final
  $sql$, span, fine) into broken using first, behind;
  for one in execute ${schema}.rebuild_sql(coarse) using windows, first, behind, broken, clock_timestamp() loop
    written := written + 1;
  end loop;
  return written;
end
$function$;
comment on function ${schema}.rebuild(text, timestamptz, timestamptz, interval, timestamptz) is
  'Part of rebuild_hours and rebuild_days';

create or replace function ${schema}.rebuild_hours(
  since timestamptz, until timestamptz, settle interval default '1 hour', moment timestamptz default now())
returns bigint
language sql as $$ select ${schema}.rebuild('http_request_1hour', since, until, settle, moment) $$;
comment on function ${schema}.rebuild_hours(timestamptz, timestamptz, interval, timestamptz) is
  'Makes the hours wholly within a range again from their minutes, where that is better than what is there; returns how many rows were written';

create or replace function ${schema}.rebuild_days(
  since timestamptz, until timestamptz, settle interval default '1 hour', moment timestamptz default now())
returns bigint
language sql as $$ select ${schema}.rebuild('http_request_1day', since, until, settle, moment) $$;
comment on function ${schema}.rebuild_days(timestamptz, timestamptz, interval, timestamptz) is
  'Makes the UTC days wholly within a range again from their hours, where that is better than what is there; returns how many rows were written';
