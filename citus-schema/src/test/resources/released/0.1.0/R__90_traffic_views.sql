-- What readers see: every column of the table, and what is computed from it. security_invoker: the
-- reader's own rights and row security apply, on plain PostgreSQL as on Citus. Rows older than the
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

-- A measure that was added changes the columns, and CREATE OR REPLACE would refuse it in the middle.
create or replace function ${schema}.make_traffic_view(of_grain text, only_if_changed boolean) returns void
language plpgsql set search_path = ${searchPath} as $function$  -- where the type hll is
declare
  view_name text := 'traffic_' || of_grain;
  source text := 'http_request_' || of_grain;
  stored text[] := array(select attname from pg_attribute
                         where attrelid = format('${schema}.%I', source)::regclass and attnum > 0 and not attisdropped order by attnum);
  shown text[] := stored || array(select name from ${schema}.derived_measures() where description is not null);
  found text[] := array(select attname from pg_attribute where attrelid = to_regclass(format('${schema}.%I', view_name)) order by attnum);
  derived record;
begin
  if found = shown and only_if_changed then return; end if;
  if cardinality(found) > 0 and found <> shown then
    execute format('drop view ${schema}.%I', view_name);
  end if;
  execute format($view$
    create or replace view ${schema}.%I with (security_invoker = true) as
    select %s, %s
    from ${schema}.%I
    left join (
      select coalesce((now() at time zone 'UTC' - keep) at time zone 'UTC', '-infinity') as oldest
      from ${schema}.retention_policy where table_name = %L) as policy on true
    where oldest is null or bucket >= oldest
  $view$, view_name, array_to_string(stored, ', '),
    (select string_agg(translate(expression, '[]', '') || ' as ' || name, ', ') from ${schema}.derived_measures() where description is not null),
    source, source);
  execute format('comment on view ${schema}.%I is %L', view_name,
                 'Traffic by site and ' || (select unit from ${schema}.grain where name = of_grain) || ' of UTC');
  perform ${schema}.describe_view(view_name, source);
  for derived in select * from ${schema}.derived_measures() where description is not null loop
    execute format('comment on column ${schema}.%I.%I is %L', view_name, derived.name, derived.description);
  end loop;
end
$function$;
comment on function ${schema}.make_traffic_view(text, boolean) is
  'Makes the view of a grain anew, or only if its columns are not what they should be';

select ${schema}.make_traffic_view(name, false) from ${schema}.grain;
