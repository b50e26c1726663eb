-- What is asked of traffic: the measures of the table measure, and what is computed from them, each said once.

-- [name] is a measure: its value in a row of a view, the merged value in a sum of rows. What has a description is
-- a column of the views.
create or replace function ${schema}.derived_measures()
returns table (name text, expression text, description text)
language sql immutable parallel safe as $function$
  values
    ('average_response_time_msec', '[response_time_sum_usec]::double precision / nullif([timed_count], 0) / 1000',
     'Mean response time in milliseconds; null when nothing was timed'),
    ('max_response_time_msec', '[response_time_max_usec] / 1000.0::double precision', null),
    ('p50_msec', 'percentile([response_time_histogram], 0.5)', 'Median response time in milliseconds, within 2.5 %'),
    ('p90_msec', 'percentile([response_time_histogram], 0.9)',
     'Response time of the 90th percentile in milliseconds, within 2.5 %'),
    ('p95_msec', 'percentile([response_time_histogram], 0.95)',
     'Response time of the 95th percentile in milliseconds, within 2.5 %'),
    ('p99_msec', 'percentile([response_time_histogram], 0.99)',
     'Response time of the 99th percentile in milliseconds, within 2.5 %'),
    ('percentiles', 'percentiles([response_time_histogram], ''{0.5, 0.9, 0.95, 0.99}'')', null),
    ('sd_msec', 'histogram_sd([response_time_histogram])', null),
    ('distinct_ip_address_count', 'hll_cardinality([distinct_ip_addresses])',
     'Estimated number of client addresses, standard error 2.3 %'),
    ('error_rate', '[error_count]::double precision / nullif([request_count], 0)',
     'Fraction of the requests that failed, 0 to 1; null without requests')
$function$;
comment on function ${schema}.derived_measures() is 'What is computed from measures, of a row or of a sum of rows alike';

-- The functions of ranges are called for each panel of a dashboard, and would read the table measure each time. So
-- what they need is made here as the text of a function: immutable, for it changes with the measures only.
create or replace function ${schema}.make_sums() returns void
language plpgsql as $function$
declare
  sums jsonb := '{"late_count": {"sum": "coalesce(sum(request_count) filter (where is_late), 0)::bigint",
                                 "columns": ["request_count", "is_late"]}}';
  flag text;
  measure record;
  derived record;
  expression text;
  columns jsonb;
  body text;
begin
  -- Late rows say nothing about the requests that came in time, unless there are none.
  foreach flag in array array['is_whole', 'is_final'] loop
    sums := sums || jsonb_build_object(flag, jsonb_build_object(
      'sum', format('coalesce(bool_and(%1$s) filter (where not is_late), bool_and(%1$s))', flag),
      'columns', jsonb_build_array(flag, 'is_late')));
  end loop;
  for measure in select * from ${schema}.measure loop
    sums := sums || jsonb_build_object(measure.name, jsonb_build_object(
      'sum', format(measure.merge, measure.name),
      -- A union wants the same type of all grains.
      'columns', jsonb_build_array(measure.name || case when measure.type <> measure.coarse_type
                                                        then format('::%s as %s', measure.coarse_type, measure.name) else '' end)));
  end loop;
  for derived in select * from ${schema}.derived_measures() loop
    expression := derived.expression;
    columns := '[]';
    for measure in select * from ${schema}.measure where strpos(derived.expression, '[' || name || ']') > 0 loop
      expression := replace(expression, '[' || measure.name || ']', sums -> measure.name ->> 'sum');
      columns := columns || (sums -> measure.name -> 'columns');
    end loop;
    sums := sums || jsonb_build_object(derived.name, jsonb_build_object('sum', expression, 'columns', columns));
  end loop;
  body := format('select %L::jsonb', sums);
  if not exists (select from pg_proc where pronamespace = '${schema}'::regnamespace and proname = 'sums' and prosrc = body) then
    execute format('create or replace function ${schema}.sums() returns jsonb language sql immutable parallel safe as %L', body);
    comment on function ${schema}.sums() is
      'The aggregate over rows of each measure and of what is computed from measures, and the columns it reads; made by make_sums';
  end if;
end
$function$;
comment on function ${schema}.make_sums() is 'Makes the function sums from the measures';

select ${schema}.make_sums();

create or replace function ${schema}.sum_of(name text) returns text
language sql immutable parallel safe as $$ select ${schema}.sums() -> name ->> 'sum' $$;
comment on function ${schema}.sum_of(text) is 'The aggregate that sums rows of traffic into this';

create or replace function ${schema}.sums_of(names text[]) returns text
language plpgsql immutable parallel safe as $$
begin
  if not ${schema}.sums() ?& names then
    raise exception 'rows of traffic do not have all of %', names using errcode = '42703';
  end if;
  return (select string_agg(${schema}.sum_of(name), ', ' order by place) from unnest(names) with ordinality as wanted (name, place));
end
$$;
comment on function ${schema}.sums_of(text[]) is 'The select list that sums rows of traffic into these, in their order';

-- Costs next to nothing where there is one value: being strict, it keeps the first without a call.
create or replace function ${schema}.first_of(one anyelement, other anyelement) returns anyelement
language sql immutable parallel safe strict as $$ select one $$;
comment on function ${schema}.first_of(anyelement, anyelement) is 'Step of the aggregate single_value';
create or replace aggregate ${schema}.single_value(anyelement) (
  sfunc = ${schema}.first_of, stype = anyelement, combinefunc = ${schema}.first_of, parallel = safe);
comment on aggregate ${schema}.single_value(anyelement) is 'The value where at most one is there';

-- By the name of the measure, whose merge it looks up: only rows with a late part pay for that.
create or replace function ${schema}.with_late(measure text, main anyelement, late anyelement) returns anyelement
language plpgsql immutable parallel safe set search_path = ${searchPath} as $$
declare
  answer main%type;
begin
  execute format('select %s from (values ($1), ($2)) as part (%I)', ${schema}.sum_of(measure), measure) into answer using main, late;
  return answer;
end
$$;
comment on function ${schema}.with_late(text, anyelement, anyelement) is
  'Part of the views: a measure of the requests of a bucket that came in time, and of the late ones, merged';

create or replace function ${schema}.columns_of(names text[]) returns text
language plpgsql immutable parallel safe as $$
begin
  return (select string_agg(distinct part, ', ')
          from unnest(names) as name, jsonb_array_elements_text(${schema}.sums() -> name -> 'columns') as part);
end
$$;
comment on function ${schema}.columns_of(text[]) is 'The columns that these sums read, of the same types at all grains';
