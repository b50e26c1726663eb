-- What readers see: every column of the table, late requests added, and what is computed from it. security_invoker:
-- the reader's own rights and row security apply, on plain PostgreSQL as on Citus. Rows older than the
-- policy are not shown, dropped or not: a join with a table that every node has, since Citus would
-- run a subquery on its own first, and a function that reads a table cannot run on the shards.

create or replace function ${schema}.describe_view(view_name text, source text) returns void
language plpgsql as $$
declare
  described record;
begin
  for described in
    select attname, col_description(attrelid, attnum) as description
    from pg_attribute
    where attrelid = format('${schema}.%I', source)::regclass and attnum > 0 and not attisdropped
      and attname in (select attname from pg_attribute where attrelid = format('${schema}.%I', view_name)::regclass)
  loop
    execute format('comment on column ${schema}.%I.%I is %L', view_name, described.attname, described.description);
  end loop;
end
$$;
comment on function ${schema}.describe_view(text, text) is 'Gives the columns of a view the comments that they have in the table';

create or replace function ${schema}.kept_rows(columns text, relation text, source text) returns text
language sql immutable parallel safe as $function$
  select format($sql$
    select %s
    from ${schema}.%I
    left join (
      select coalesce((now() at time zone 'UTC' - keep) at time zone 'UTC', '-infinity') as oldest
      from ${schema}.retention_policy where table_name = %L) as policy on true
    where (oldest is null or bucket >= oldest)
  $sql$, columns, relation, source)
$function$;
comment on function ${schema}.kept_rows(text, text, text) is
  'Part of the views: the text of a query for rows of a table that the policy of the same or another keeps';

-- For whoever sums up rows anyway: it costs what the tables cost.
create or replace function ${schema}.parts_query(source text, late text, stored text[]) returns text
language sql immutable parallel safe as $$
  select ${schema}.kept_rows(columns || ', false as is_late', source, source)
         || case when late is null then '' else 'union all' || ${schema}.kept_rows(columns || ', true', late, source) end
  from array_to_string(stored, ', ') as columns
$$;
comment on function ${schema}.parts_query(text, text, text[]) is
  'Part of the views: the text of a query for the rows of a table, and for those of its late requests';

-- A row for each bucket. What is asked of site_id and bucket reaches both tables through GROUP BY, so Citus asks one shard
-- and only partitions of the time are read: a join would look for the other part in all of them. Only buckets with both
-- parts pay for a merge.
create or replace function ${schema}.buckets_query(source text, late text, stored text[]) returns text
language sql stable as $function$
  select format($sql$
      select site_id, bucket, %s, is_whole, is_final, updated_at, coalesce(late_request_count, 0) as late_count
      from (select site_id, bucket, %s, %s as is_whole, %s as is_final, max(updated_at) as updated_at
            from (%s) as part group by site_id, bucket) as parts
    $sql$,
    string_agg(format('case when late_request_count is null then main_%1$s when main_request_count is null then late_%1$s'
                      ' else ${schema}.with_late(%1$L, main_%1$s, late_%1$s) end::%2$s as %1$I',
                      measure.name, case when finer is null then type else coarse_type end), ', ' order by position),
    string_agg(format('${schema}.single_value(%1$I) filter (where not is_late) as main_%1$s,'
                      ' ${schema}.single_value(%1$I) filter (where is_late) as late_%1$s', measure.name), ', ' order by position),
    ${schema}.sum_of('is_whole'), ${schema}.sum_of('is_final'), ${schema}.parts_query(source, late, stored))
  from ${schema}.measure, ${schema}.traffic_table
  join ${schema}.grain on grain.name = traffic_table.grain
  where table_name = source
  group by finer
$function$;
comment on function ${schema}.buckets_query(text, text, text[]) is
  'Part of the views: the text of a query for the rows of a table with those of its late requests added';

-- A measure that was added changes the columns, and CREATE OR REPLACE takes new ones at the end only.
create or replace function ${schema}.make_traffic_view(of_grain text, only_if_changed boolean) returns void
language plpgsql set search_path = ${searchPath} as $function$  -- where the type hll is
declare
  view_name text := 'traffic_' || of_grain;
  source text := 'http_request_' || of_grain;
  late text := (select table_name from ${schema}.traffic_table where late_of = 'http_request_' || of_grain);
  what text := 'by site and ' || (select unit from ${schema}.grain where name = of_grain) || ' of UTC';
  stored text[] := array(select attname from pg_attribute
                         where attrelid = format('${schema}.%I', source)::regclass and attnum > 0 and not attisdropped order by attnum);
  shown text[] := stored || array(select name from ${schema}.derived_measures() where description is not null) || '{late_count}'::text[];
  found text[] := array(select attname from pg_attribute where attrelid = to_regclass(format('${schema}.%I', view_name)) order by attnum);
  derived record;
begin
  if found = shown and only_if_changed then return; end if;
  if cardinality(found) > 0 and found <> shown[1:cardinality(found)] then
    execute format('drop view ${schema}.%I', view_name);  -- or it says what depends on it
    execute format('drop view if exists ${schema}.%I', view_name || '_parts');
  end if;
  execute format('create or replace view ${schema}.%I with (security_invoker = true) as %s',
                 view_name || '_parts', ${schema}.parts_query(source, late, stored));
  execute format('create or replace view ${schema}.%I with (security_invoker = true) as select %s, %s, late_count from (%s) as traffic',
    view_name, array_to_string(stored, ', '),
    (select string_agg(translate(expression, '[]', '') || ' as ' || name, ', ') from ${schema}.derived_measures() where description is not null),
    case when late is null
         then ${schema}.kept_rows(array_to_string(stored, ', ') || ', 0::bigint as late_count', source, source)
         else ${schema}.buckets_query(source, late, stored) end);
  execute format('comment on view ${schema}.%I is %L', view_name, 'Traffic ' || what);
  execute format('comment on view ${schema}.%I is %L', view_name || '_parts',
                 'The rows that ' || view_name || ' adds up: traffic ' || what || ', late requests in rows of their own');
  perform ${schema}.describe_view(view_name, source);
  perform ${schema}.describe_view(view_name || '_parts', source);
  for derived in
    select name, description from ${schema}.derived_measures() where description is not null
    union all values
      ('late_count', 'How many of the requests came late'),
      ('is_whole', 'The job had read this bucket from its beginning; where all requests came late, the late job had'),
      ('is_final', 'Whole, and no more requests but late ones are expected; where all came late, as the late job has it'),
      ('updated_at', 'When the row was made, or a late request was added')
  loop
    execute format('comment on column ${schema}.%I.%I is %L', view_name, derived.name, derived.description);
  end loop;
  execute format('comment on column ${schema}.%I.is_late is %L', view_name || '_parts', 'Whether it holds the late requests of the bucket');
end
$function$;
comment on function ${schema}.make_traffic_view(text, boolean) is
  'Makes the views of a grain anew, or only if their columns are not what they should be';

select ${schema}.make_traffic_view(name, false) from ${schema}.grain;
