-- Whether the grains agree. Rows are compared on the shards; only those that differ come back.

-- $1 are the windows, $2 and $3 the times around them, $4 the time since which a row may still be changing or null. Both sides are there, or the row itself is
-- null, so one comparison finds everything. Numbers are shown, and what makes a key longer comes first.
create or replace function ${schema}.audit_sql(coarse text) returns text
language sql stable as $function$
  select format($sql$
    select coalesce(made.site_id, held.site_id), coalesce(made.bucket, held.bucket),
           case when held.site_id is null then 'missing' when made.site_id is null then 'no %1$s' else 'differs' end,
           %2$s case when held.site_id is null then format('its %1$s have %%s request%%s', made.request_count, case when made.request_count <> 1 then 's' end)
                when made.site_id is null then format('it has %%s request%%s', held.request_count, case when held.request_count <> 1 then 's' end)
                else concat_ws(', ', %3$s) end
    from (%4$s) as made
    full join (select * from ${schema}.%5$I where bucket >= $2 and bucket < $3 and bucket = any ($1)) as held
      on %6$s
    where (held.site_id, %7$s) is distinct from (made.site_id, %8$s)
      and ($4 is null or greatest(held.updated_at, made.updated_at) <= $4)
  $sql$,
    fine.unit || 's',
    (select string_agg(format('%1$L || coalesce(held.%2$I, made.%2$I) || '': '' ||', name || ' ', name), ' ')
     from unnest(key) as name where name <> all ('{site_id, bucket}')),
    (select string_agg(format(case when type = 'bigint'
                                   then $$case when held.%1$I is distinct from made.%1$I
                                               then format('%1$I %%s, its %2$s have %%s',
                                                           coalesce(held.%1$I::text, 'null'), coalesce(made.%1$I::text, 'null')) end$$
                                   else $$case when %3$s is distinct from %4$s then '%1$I' end$$ end,
                              measure.name, fine.unit || 's', format(comparable, format('held.%I', measure.name)), format(comparable, format('made.%I', measure.name))),
                       ', ' order by position)
     from ${schema}.measure),
    ${schema}.coarse_rows_sql(coarse), coarse,
    (select string_agg(format('held.%1$I = made.%1$I', name), ' and ') from unnest(key) as name),
    ${schema}.comparable_measures('held'), ${schema}.comparable_measures('made'))
  from ${schema}.traffic_table
  join ${schema}.grain on grain.name = traffic_table.grain
  join ${schema}.grain as fine on fine.name = grain.finer
  where table_name = coarse
$function$;
comment on function ${schema}.audit_sql(text) is
  'Part of audit: the query that compares a table with the next finer one ($1 windows, $2 and $3 the times around them, $4 rows made since then are left out)';

-- A late row can change as long as the late job takes requests of its time, and is final or not by chance. So late
-- rows are compared once they have been left alone for the settle time, and need not be final.
create or replace function ${schema}.audit(
  since timestamptz default '-infinity', until timestamptz default 'infinity',
  settle interval default '1 hour', moment timestamptz default now())
returns table (grain text, site_id int, bucket timestamptz, problem text, detail text)
language plpgsql stable set search_path = ${searchPath} set timezone = 'UTC' set datestyle = 'ISO' as $function$
declare
  audited record;
  windows timestamptz[];
begin
  if not coalesce(settle >= interval '0' and isfinite(moment), false) then
    raise exception 'an audit needs a settle that is not negative' using errcode = '22023';
  end if;
  for audited in
    select known.*, length, policy.keep, replace(known.table_name, 'http_request_', '') as name
    from ${schema}.traffic_table as known
    join ${schema}.grain on grain.name = known.grain
    left join ${schema}.retention_policy as policy on policy.table_name = known.table_name
    order by length, known.table_name
  loop
    if audited.made_of is not null then
      select array_agg(start order by start) into windows
      from ${schema}.closed_windows(audited.table_name, since, until, settle, moment) as start;
      if windows is not null then
        return query execute format('select %L, found.* from (%s) as found', audited.name, ${schema}.audit_sql(audited.table_name))
          using windows, windows[1], windows[cardinality(windows)] + audited.length,
                case when audited.late_of is not null then moment - settle end;
      end if;
    end if;
    return query execute format($sql$
      select %L, site_id, bucket, case when is_whole then 'not final' else 'not whole' end,
             format('it has %%s request%%s', request_count, case when request_count <> 1 then 's' end)
      from ${schema}.%I
      where not %s and bucket >= $1 and bucket < $2 and bucket <= $3
    $sql$, audited.name, audited.table_name, case when audited.late_of is null then 'is_final' else 'is_whole' end)
      using greatest(since, moment - audited.keep), coalesce(until, 'infinity'), moment - settle - audited.length;
  end loop;
end
$function$;
comment on function ${schema}.audit(timestamptz, timestamptz, interval, timestamptz) is
  'What is wrong with rows that should be done: hours that differ from their minutes, days from their hours, rows that one grain lacks, and rows that are not whole or not final';
