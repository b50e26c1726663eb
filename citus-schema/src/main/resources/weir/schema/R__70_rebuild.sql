-- Hours made again from their minutes, and days from their hours.
--
-- A minute without a row is a minute without requests, or one that nobody read, or one that was
-- lost. The sums do not show which, so the rule of the job decides: a row is only ever replaced by one that
-- is whole where it was not, or has at least as many requests. An hour that knows more than its
-- minutes stays. What the rows say about their reading does show whether a job was stopped or began
-- within a window: it leaves minutes of which no site has a final row. Such a window is broken, and
-- its rows become neither whole nor final by being made again, whatever the minutes of their own
-- site say; what they were before, they stay. A job that is still reading this far back is not
-- hurt: its rows are whole and have at least as many requests, so they are written as ever.

-- Windows begin at multiples of their length from 1970-01-01 UTC on.
create or replace function ${schema}.closed_windows(
  coarse text, since timestamptz, until timestamptz, settle interval, moment timestamptz)
returns setof timestamptz
language sql stable set timezone = 'UTC' as $$
  with known as (
    select made_of as fine, length as span
    from ${schema}.traffic_table join ${schema}.grain on grain.name = traffic_table.grain
    where table_name = coarse
  ), partition as (
    select p.lower_bound, p.upper_bound from known join ${schema}.partitions() as p on p.parent = fine
  ), bounds as (
    select span,
           greatest(since, min(lower_bound), moment - (select max(keep) from ${schema}.retention_policy where table_name = fine),
                    moment - (select max(keep) from ${schema}.retention_policy where table_name = coarse)) as lower_bound,
           least(until, max(upper_bound), moment - settle) as upper_bound
    from known, partition
    group by span, fine
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
  'Starts of the windows of a coarser table that lie wholly within a range, ended settle ago, and whose finer rows are all still kept';

create or replace function ${schema}.window_of(span interval) returns text
language sql immutable parallel safe as $$
  select format('date_bin(%L::interval, bucket, timestamptz ''1970-01-01 00:00:00+00'')', span)
$$;
comment on function ${schema}.window_of(interval) is 'Part of rebuild and audit: the window that holds a bucket';

-- %1$I in the template is the name of a measure, %2$s its merge of that column.
create or replace function ${schema}.each_measure(template text) returns text
language sql stable as $$
  select string_agg(format(template, name, format(merge, quote_ident(name))), ', ' order by position) from ${schema}.measure
$$;
comment on function ${schema}.each_measure(text) is 'Part of rebuild and audit: a list of all measures';

create or replace function ${schema}.comparable_measures(relation text) returns text
language sql stable as $$
  select string_agg(format(comparable, format('%s.%I', relation, name)), ', ' order by position) from ${schema}.measure
$$;
comment on function ${schema}.comparable_measures(text) is
  'Part of rebuild and audit: all measures of a relation, such that equal ones are equal by =';

-- What the rows of a window of the coarser table should be, by its finer rows. $1 are the windows, $2 and $3
-- the times around them.
create or replace function ${schema}.coarse_rows_sql(coarse text) returns text
language sql stable as $function$
  select format($sql$
    select %1$s as bucket, %2$s, %3$s, bool_and(is_whole) as is_whole, bool_and(is_final) as is_final, max(updated_at) as updated_at
    from ${schema}.%4$I
    where bucket >= $2 and bucket < $3 and %1$s = any ($1)
    group by %1$s, %2$s
  $sql$, ${schema}.window_of(length), array_to_string(array_remove(key, 'bucket'), ', '),
         ${schema}.each_measure('%2$s as %1$I'), made_of)
  from ${schema}.traffic_table join ${schema}.grain on grain.name = traffic_table.grain
  where table_name = coarse
$function$;
comment on function ${schema}.coarse_rows_sql(text) is
  'Part of rebuild and audit: the query that sums up finer rows ($1 windows, $2 and $3 the times around them)';

-- Rows only grow: a whole one stays, then that with more requests, then that which is final. One that is not whole
-- gives way to a whole one that has as many requests, or is final. The same as TrafficUpsert of the job.
create or replace function ${schema}.growth() returns text
language sql immutable parallel safe as $$
  select 'excluded.is_whole >= t.is_whole and ((excluded.request_count, excluded.duplicate_count, excluded.is_final) >= (t.request_count, t.duplicate_count, t.is_final)'
         ' or excluded.is_final and not t.is_whole)'
$$;
comment on function ${schema}.growth() is 'When a row (excluded) may replace another (t)';

-- Rows that would not change are left alone. SET and WHERE take only immutable expressions on Citus.
-- $4 are the broken windows, $5 is the time of the rebuild.
create or replace function ${schema}.rebuild_sql(coarse text) returns text
language sql stable as $function$
  select format($sql$
    insert into ${schema}.%1$I as t (%2$s, %3$s, is_whole, is_final, updated_at)
    select %4$s, %5$s,
      made.is_whole and (made.bucket <> all ($4) or coalesce(held.is_whole, false)),
      made.is_final and (made.bucket <> all ($4) or coalesce(held.is_final, false)),
      $5
    from (%6$s) as made
    left join ${schema}.%1$I as held
      on (%7$s) = (%4$s) and held.bucket >= $2 and held.bucket < $3
    order by %4$s
    on conflict (%2$s) do update set
      %8$s, is_whole = excluded.is_whole, is_final = t.is_final or excluded.is_final, updated_at = excluded.updated_at
    where %9$s
      and (%10$s, excluded.is_whole, t.is_final or excluded.is_final) is distinct from (%11$s, t.is_whole, t.is_final)
    returning 1
  $sql$, coarse,
    array_to_string(key, ', '), ${schema}.each_measure('%1$I'),
    'made.' || array_to_string(key, ', made.'), ${schema}.each_measure('made.%1$I'),
    ${schema}.coarse_rows_sql(coarse),
    'held.' || array_to_string(key, ', held.'),
    ${schema}.each_measure('%1$I = excluded.%1$I'),
    ${schema}.growth(),
    ${schema}.comparable_measures('excluded'), ${schema}.comparable_measures('t'))
  from ${schema}.traffic_table where table_name = coarse
$function$;
comment on function ${schema}.rebuild_sql(text) is
  'Part of rebuild: the statement that writes a coarser table ($4 windows that become no better, $5 now)';

-- Rows are counted as they are returned: the update count of Citus counts the refused ones too.
create or replace function ${schema}.rebuild(
  coarse text, since timestamptz, until timestamptz, settle interval default '1 hour', moment timestamptz default now())
returns bigint
language plpgsql set search_path = ${searchPath} set timezone = 'UTC' set datestyle = 'ISO' as $function$
declare
  fine text;
  span interval;
  windows timestamptz[];
  first timestamptz;
  stop timestamptz;
  broken timestamptz[];
  archived text;
  one int;
  written bigint := 0;
begin
  if not coalesce(settle >= interval '0' and isfinite(moment), false) then
    raise exception 'a rebuild needs a settle that is not negative' using errcode = '22023';
  end if;
  select made_of, length into fine, span
  from ${schema}.traffic_table join ${schema}.grain on grain.name = traffic_table.grain
  where table_name = coarse;
  if fine is null then
    raise exception 'there is no finer table to rebuild % from', coalesce(coarse, 'null') using errcode = '22023';
  end if;
  select array_agg(start order by start), min(start), max(start) + span into windows, first, stop
  from ${schema}.closed_windows(coarse, since, until, settle, moment) as start;
  if windows is null then return 0; end if;
  select format('%s(''%s'', ''%s'')', 'select ${schema}.restore_partition', coarse, p.lower_bound) into archived
  from ${schema}.partitions() as p
  where p.parent = coarse and p.is_archived and p.lower_bound < stop and first < p.upper_bound
  order by p.lower_bound limit 1;
  if archived is not null then
    raise exception 'rows to rebuild are archived: bring them back first: %', archived using errcode = '0A000';
  end if;
  execute format($sql$
    select coalesce(array_agg(distinct %s), '{}')
    from (select bucket from ${schema}.%I where bucket >= $1 and bucket < $2
          group by bucket having not bool_or(is_final)) as never_final
  $sql$, ${schema}.window_of(span), fine) into broken using first, stop;
  for one in execute ${schema}.rebuild_sql(coarse) using windows, first, stop, broken, clock_timestamp() loop
    written := written + 1;
  end loop;
  return written;
end
$function$;
comment on function ${schema}.rebuild(text, timestamptz, timestamptz, interval, timestamptz) is
  'Makes the rows of a coarser table, wholly within a range, again from its finer one, where that is better than what is there; returns how many rows were written';

create or replace function ${schema}.rebuild_with_late(
  coarse text, since timestamptz, until timestamptz, settle interval, moment timestamptz) returns bigint
language plpgsql as $$
declare
  relation text;
  written bigint := 0;
begin
  for relation in select table_name from ${schema}.traffic_table where coarse in (table_name, late_of) order by table_name loop
    written := written + ${schema}.rebuild(relation, since, until, settle, moment);
  end loop;
  return written;
end
$$;
comment on function ${schema}.rebuild_with_late(text, timestamptz, timestamptz, interval, timestamptz) is
  'Part of rebuild_hours and rebuild_days: rebuilds a table and that of its late requests';

create or replace function ${schema}.rebuild_hours(
  since timestamptz, until timestamptz, settle interval default '1 hour', moment timestamptz default now())
returns bigint
language sql as $$ select ${schema}.rebuild_with_late('http_request_1hour', since, until, settle, moment) $$;
comment on function ${schema}.rebuild_hours(timestamptz, timestamptz, interval, timestamptz) is
  'Makes the hours wholly within a range again from their minutes, those of late requests too, where that is better than what is there; returns how many rows were written';

create or replace function ${schema}.rebuild_days(
  since timestamptz, until timestamptz, settle interval default '1 hour', moment timestamptz default now())
returns bigint
language sql as $$ select ${schema}.rebuild_with_late('http_request_1day', since, until, settle, moment) $$;
comment on function ${schema}.rebuild_days(timestamptz, timestamptz, interval, timestamptz) is
  'Makes the UTC days wholly within a range again from their hours, those of late requests too, where that is better than what is there; returns how many rows were written';
