-- Whether the grains agree. Rows are compared on the shards; only those that differ come back.

-- $1 are the windows, $2 and $3 the times around them. Both sides are there, or the row itself is
-- null, so one comparison finds everything.
create or replace function ${schema}.audit_sql(coarse text) returns text
language sql immutable parallel safe as $function$
  select format($sql$
    select coalesce(made.site_id, held.site_id), coalesce(made.bucket, held.bucket),
           case when held.site_id is null then 'missing' when made.site_id is null then 'no %3$s' else 'differs' end,
           case when held.site_id is null then format('its %3$s have %%s request%%s', made.request_count, case when made.request_count <> 1 then 's' end)
                when made.site_id is null then format('it has %%s request%%s', held.request_count, case when held.request_count <> 1 then 's' end)
                else concat_ws(', ',
                  case when held.request_count <> made.request_count
                       then format('request_count %%s, its %3$s have %%s', held.request_count, made.request_count) end,
                  case when held.success_count <> made.success_count
                       then format('success_count %%s, its %3$s have %%s', held.success_count, made.success_count) end,
                  case when held.error_count <> made.error_count
                       then format('error_count %%s, its %3$s have %%s', held.error_count, made.error_count) end,
                  case when held.timed_count <> made.timed_count
                       then format('timed_count %%s, its %3$s have %%s', held.timed_count, made.timed_count) end,
                  case when held.response_time_sum_usec <> made.response_time_sum_usec
                       then format('response_time_sum_usec %%s, its %3$s have %%s', held.response_time_sum_usec, made.response_time_sum_usec) end,
                  case when held.response_time_max_usec is distinct from made.response_time_max_usec
                       then format('response_time_max_usec %%s, its %3$s have %%s',
                                   coalesce(held.response_time_max_usec::text, 'null'), coalesce(made.response_time_max_usec::text, 'null')) end,
                  case when held.bytes_sum <> made.bytes_sum
                       then format('bytes_sum %%s, its %3$s have %%s', held.bytes_sum, made.bytes_sum) end,
                  case when hll_send(held.distinct_ip_addresses) <> hll_send(made.distinct_ip_addresses)
                       then 'distinct_ip_addresses' end,
                  case when held.country_counters <> made.country_counters then 'country_counters' end,
                  case when held.status_counters <> made.status_counters then 'status_counters' end,
                  case when held.response_time_histogram <> made.response_time_histogram
                       then 'response_time_histogram' end)
           end
    from (%2$s) as made
    full join (select * from ${schema}.%1$I where bucket >= $2 and bucket < $3 and bucket = any ($1)) as held
      on held.site_id = made.site_id and held.bucket = made.bucket
    where (held.site_id, held.request_count, held.success_count, held.error_count, held.timed_count,
           held.response_time_sum_usec, held.response_time_max_usec, held.bytes_sum,
           hll_send(held.distinct_ip_addresses), held.country_counters, held.status_counters,
           held.response_time_histogram)
      is distinct from
          (made.site_id, made.request_count, made.success_count, made.error_count, made.timed_count,
           made.response_time_sum_usec, made.response_time_max_usec, made.bytes_sum,
           hll_send(made.distinct_ip_addresses), made.country_counters, made.status_counters,
           made.response_time_histogram)
  $sql$, coarse, ${schema}.coarse_rows_sql(coarse), case coarse when 'http_request_1hour' then 'minutes' else 'hours' end)
$function$;
comment on function ${schema}.audit_sql(text) is
  'Part of audit: the query that compares a grain with the next finer one ($1 windows, $2 and $3 the times around them)';

create or replace function ${schema}.audit(
  since timestamptz default '-infinity', until timestamptz default 'infinity',
  settle interval default '1 hour', moment timestamptz default now())
returns table (grain text, site_id int, bucket timestamptz, problem text, detail text)
language plpgsql stable set search_path = ${searchPath} set timezone = 'UTC' set datestyle = 'ISO' as $function$
declare
  coarse text;
  span interval;
  windows timestamptz[];
  keeps interval;
begin
  if not coalesce(settle >= interval '0' and isfinite(moment), false) then
    raise exception 'an audit needs a settle that is not negative' using errcode = '22023';
  end if;
  foreach coarse in array array['http_request_1hour', 'http_request_1day'] loop
    span := case coarse when 'http_request_1hour' then '1 hour' else '1 day' end;
    select array_agg(start order by start) into windows
    from ${schema}.closed_windows(coarse, since, until, settle, moment) as start;
    if windows is not null then
      return query execute format('select %L, found.* from (%s) as found', replace(coarse, 'http_request_', ''), ${schema}.audit_sql(coarse))
        using windows, windows[1], windows[cardinality(windows)] + span;
    end if;
  end loop;
  foreach grain in array array['1min', '1hour', '1day'] loop
    span := case grain when '1min' then '1 minute' when '1hour' then '1 hour' else '1 day' end;
    select keep into keeps from ${schema}.retention_policy where table_name = 'http_request_' || grain;
    return query execute format($sql$
      select %L, site_id, bucket, case when is_whole then 'not final' else 'not whole' end,
             format('it has %%s request%%s', request_count, case when request_count <> 1 then 's' end)
      from ${schema}.%I
      where not is_final and bucket >= $1 and bucket < $2 and bucket <= $3
    $sql$, grain, 'http_request_' || grain)
      using greatest(since, moment - keeps), coalesce(until, 'infinity'), moment - settle - span;
  end loop;
end
$function$;
comment on function ${schema}.audit(timestamptz, timestamptz, interval, timestamptz) is
  'What is wrong with rows that should be done: hours that differ from their minutes, days from their hours, rows that one grain lacks, and rows that are not whole or not final';
