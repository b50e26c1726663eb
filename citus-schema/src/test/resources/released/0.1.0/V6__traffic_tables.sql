-- The tables of traffic: a row a site and bucket, with all measures. Others that hold measures, with a longer key
-- or for other requests, are made in the same way.
create table ${schema}.traffic_table (
  table_name text   primary key,
  grain      text   not null,
  made_of    text,
  key        text[] not null
);
comment on table ${schema}.traffic_table is 'The tables whose rows hold the measures';
comment on column ${schema}.traffic_table.table_name is 'The table';
comment on column ${schema}.traffic_table.grain is 'How long its buckets are';
comment on column ${schema}.traffic_table.made_of is 'The table of the next finer grain, whose rows add up to its own';
comment on column ${schema}.traffic_table.key is 'The columns of its key: site_id, bucket, and what distinguishes several rows of these';

select ${schema}.copy_to_every_node('traffic_table');

create function ${schema}.measure_columns(of_grain text, of_measure text default null) returns text
language sql stable as $$
  select string_agg(format('%I %s', measure.name, case when finer is null then type else coarse_type end)
                    || case when is_nullable then '' else ' not null' end
                    || coalesce(' default ' || value_before, ''), ', ' order by position)
  from ${schema}.measure, ${schema}.grain
  where grain.name = of_grain and measure.name = coalesce(of_measure, measure.name)
$$;
comment on function ${schema}.measure_columns(text, text) is
  'For migrations: the columns of all measures or of one, as CREATE and ALTER TABLE take them';

create function ${schema}.nothing_is_negative() returns text
language sql stable as $$
  select format('constraint nothing_is_negative check (least(%s) >= 0)', string_agg(quote_ident(name), ', ' order by position))
  from ${schema}.measure where type = 'bigint'
$$;
comment on function ${schema}.nothing_is_negative() is 'For migrations: the CHECK of all measures that are numbers';

create function ${schema}.make_traffic_table(
  relation text, of_grain text, description text, more_keys text[] default '{}') returns void
language plpgsql set search_path = ${searchPath} as $$
declare
  this ${schema}.grain;
  each ${schema}.measure;
  fine text;
  key text[] := '{site_id, bucket}'::text[] || array(select split_part(definition, ' ', 1) from unnest(more_keys) as definition);
begin
  select * into strict this from ${schema}.grain where name = of_grain;
  -- The origin lies before every row: PostgreSQL 15.2 and older round earlier ones wrongly.
  execute format($ddl$
    create table ${schema}.%I (
      site_id int not null,
      bucket timestamptz not null,
      %s,
      is_whole boolean not null,
      is_final boolean not null,
      updated_at timestamptz not null,
      primary key (%s),
      constraint %I check (bucket = date_bin(%L, bucket, timestamptz '1970-01-01 00:00:00+00')),
      %s,
      constraint requests_add_up check (request_count = success_count + error_count),
      constraint timed_are_requests check (timed_count <= request_count),
      constraint max_only_when_timed check ((timed_count = 0) = (response_time_max_usec is null)),
      constraint final_is_whole check (is_whole or not is_final)
    ) partition by range (bucket)
  $ddl$, relation,
    array_to_string(more_keys || ${schema}.measure_columns(of_grain), ', '),
    array_to_string(key, ', '), 'bucket_begins_the_' || this.unit, this.length, ${schema}.nothing_is_negative());

  execute format('comment on table ${schema}.%I is %L', relation, description);
  execute format($ddl$
    comment on column ${schema}.%1$I.site_id is 'The site asked; the distribution column on Citus';
    comment on column ${schema}.%1$I.bucket is 'Start of the bucket in UTC';
    comment on column ${schema}.%1$I.is_whole is 'The job that made the row had read this bucket from its beginning';
    comment on column ${schema}.%1$I.is_final is 'Whole, and event time has passed the end of the bucket; never goes back';
    comment on column ${schema}.%1$I.updated_at is 'When the row was made'
  $ddl$, relation);
  for each in select * from ${schema}.measure order by position loop
    execute format('comment on column ${schema}.%I.%I is %L', relation, each.name, each.description);
  end loop;

  select table_name into fine from ${schema}.traffic_table where table_name = replace(relation, '_' || of_grain, '_' || this.finer);
  insert into ${schema}.traffic_table (table_name, grain, made_of, key) values (relation, of_grain, fine, key);
  perform ${schema}.add_policy(relation, this.keep, this.partition_span, this.partitions_ahead);
  perform ${schema}.distribute_by_site(relation);
end
$$;
comment on function ${schema}.make_traffic_table(text, text, text, text[]) is
  'For migrations: makes a table of traffic of a grain, its retention and its place on Citus; more_keys are columns that make its key longer, as CREATE TABLE takes them';

select ${schema}.make_traffic_table('http_request_1min', '1min', 'Requests by site and minute, a partition a UTC day');
select ${schema}.make_traffic_table('http_request_1hour', '1hour', 'Requests by site and hour, a partition a UTC month');
select ${schema}.make_traffic_table('http_request_1day', '1day', 'Requests by site and UTC day, a partition a year');

-- A default stays, for writers that do not know the measure yet.
create function ${schema}.add_measure(
  name text, type text, merge text, description text,
  value_before text default null, coarse_type text default null, comparable text default '%s') returns void
language plpgsql set search_path = ${searchPath} as $$
declare
  added ${schema}.measure;
  each ${schema}.traffic_table;
begin
  if type <> format_type(to_regtype(type), null) or coarse_type <> format_type(to_regtype(coarse_type), null) then
    raise exception 'write the type of % as format_type does: %, not %', name, format_type(to_regtype(coalesce(coarse_type, type)), null),
      coalesce(coarse_type, type) using errcode = '22023';
  end if;
  insert into ${schema}.measure
  select add_measure.name, max(position) + 1, add_measure.type, coalesce(add_measure.coarse_type, add_measure.type),
         add_measure.value_before is null, add_measure.value_before, add_measure.merge, add_measure.comparable, add_measure.description
  from ${schema}.measure;
  select * into added from ${schema}.measure where measure.name = add_measure.name;
  for each in select * from ${schema}.traffic_table order by table_name loop
    execute format('alter table ${schema}.%I add column %s', each.table_name, ${schema}.measure_columns(each.grain, name));
    execute format('comment on column ${schema}.%I.%I is %L', each.table_name, added.name, added.description);
    if added.type = 'bigint' then
      execute format('alter table ${schema}.%I drop constraint nothing_is_negative', each.table_name);
      execute format('alter table ${schema}.%I add %s', each.table_name, ${schema}.nothing_is_negative());
    end if;
  end loop;
end
$$;
comment on function ${schema}.add_measure(text, text, text, text, text, text, text) is
  'For migrations: adds a measure to all tables of traffic; without a value_before it is null in rows that are there, and can be null in others';
