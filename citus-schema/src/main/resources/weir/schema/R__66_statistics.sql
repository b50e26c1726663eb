-- Statistics of series of buckets. What PostgreSQL has is not made again: avg, stddev_samp, var_samp, percentile_cont,
-- regr_slope, corr and their kin take the rows of series() or traffic() as they are.

-- n, mean and the sums of the second, third and fourth powers of the deviations from it: T. B. Terriberry (2007) and
-- P. Pebay, Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments,
-- SAND2008-6212 (2008). Sums of plain powers would lose the digits that count.
create or replace function ${schema}.moments_merge(a double precision[], b double precision[]) returns double precision[]
language plpgsql immutable parallel safe strict as $$
declare
  n constant double precision := a[1] + b[1];
  delta constant double precision := b[2] - a[2];
  part double precision;
begin
  if a[1] = 0 then return b; end if;
  if b[1] = 0 then return a; end if;
  part := delta / n;
  return array[
    n,
    a[2] + b[1] * part,
    a[3] + b[3] + delta * part * a[1] * b[1],
    a[4] + b[4] + delta * part * part * a[1] * b[1] * (a[1] - b[1]) + 3 * part * (a[1] * b[3] - b[1] * a[3]),
    a[5] + b[5] + delta * part * part * part * a[1] * b[1] * (a[1] * a[1] - a[1] * b[1] + b[1] * b[1])
      + 6 * part * part * (a[1] * a[1] * b[3] + b[1] * b[1] * a[3]) + 4 * part * (a[1] * b[4] - b[1] * a[4])];
end
$$;
comment on function ${schema}.moments_merge(double precision[], double precision[]) is
  'Step of the aggregates skewness and kurtosis: the moments of two samples together';

create or replace function ${schema}.moments_add(moments double precision[], value double precision) returns double precision[]
language plpgsql immutable parallel safe strict as $$
begin
  return ${schema}.moments_merge(moments, array[1, value, 0, 0, 0]);
end
$$;
comment on function ${schema}.moments_add(double precision[], double precision) is 'Step of the aggregates skewness and kurtosis';

create or replace function ${schema}.skewness_final(m double precision[]) returns double precision
language sql immutable parallel safe strict as $$
  select case when m[1] >= 3 and m[3] > 0 then m[1] * sqrt(m[1] - 1) / (m[1] - 2) * m[4] / power(m[3], 1.5) end
$$;
comment on function ${schema}.skewness_final(double precision[]) is 'Last step of the aggregate skewness';

create or replace aggregate ${schema}.skewness(double precision) (
  sfunc = ${schema}.moments_add, stype = double precision[], initcond = '{0,0,0,0,0}', combinefunc = ${schema}.moments_merge,
  finalfunc = ${schema}.skewness_final, parallel = safe);
comment on aggregate ${schema}.skewness(double precision) is
  'Skewness of the population that this is a sample of (G1, as SKEW of spreadsheets); null of fewer than three values and of equal ones';

create or replace function ${schema}.kurtosis_final(m double precision[]) returns double precision
language sql immutable parallel safe strict as $$
  select case when m[1] >= 4 and m[3] > 0 then
    (m[1] - 1) / ((m[1] - 2) * (m[1] - 3)) * ((m[1] + 1) * m[1] * m[5] / (m[3] * m[3]) - 3 * (m[1] - 1)) end
$$;
comment on function ${schema}.kurtosis_final(double precision[]) is 'Last step of the aggregate kurtosis';

create or replace aggregate ${schema}.kurtosis(double precision) (
  sfunc = ${schema}.moments_add, stype = double precision[], initcond = '{0,0,0,0,0}', combinefunc = ${schema}.moments_merge,
  finalfunc = ${schema}.kurtosis_final, parallel = safe);
comment on aggregate ${schema}.kurtosis(double precision) is
  'Excess kurtosis of the population that this is a sample of (G2, as KURT of spreadsheets), 0 of a normal one; null of fewer than four values and of equal ones';

-- The statements are made as text with the bounds in them, as in R__60_ranges.sql.

-- What can be put into a series: the measures and what is computed from them, as far as they are one number.
create or replace function ${schema}.series_measures() returns table (name text, of_none double precision)
language plpgsql stable parallel restricted as $$
begin
  return query
    select measure.name, case when not is_nullable then 0::double precision end from ${schema}.measure where type = 'bigint'
    union all
    select derived.name, case derived.name when 'distinct_ip_address_count' then 0::double precision end
    from ${schema}.derived_measures() as derived where derived.name <> 'percentiles'
    union all
    values ('late_count', 0::double precision);
end
$$;
comment on function ${schema}.series_measures() is
  'The measures that series() takes, and what each is in a bucket without requests: 0, or null if it is not known then';

create or replace function ${schema}.series_rows(query text) returns table (bucket timestamptz, measured double precision[])
language plpgsql stable parallel restricted set search_path = ${searchPath} as $$ begin return query execute query; end $$;
comment on function ${schema}.series_rows(text) is 'Part of series: the rows of its query';

create or replace function ${schema}.series_query(site int, since timestamptz, until timestamptz, grain text, measures text[]) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
begin
  return format('select bucket, array[%s] from (%s) as part group by bucket',
    (select string_agg(format(case when name in ('is_whole', 'is_final') then '(%s)::int::double precision' else '(%s)::double precision' end,
                              ${schema}.sum_of(name)), ', ' order by place)
     from unnest(measures) with ordinality as wanted (name, place)),
    ${schema}.traffic_part(grain, site, format('bucket >= %L and bucket < %L', since, until), 'bucket, ' || ${schema}.columns_of(measures)));
end
$$;
comment on function ${schema}.series_query(int, timestamptz, timestamptz, text, text[]) is
  'Part of series: the text of a query for the buckets that have rows';

-- Only buckets that are over, and that the policy still keeps: of others it is not known that nothing was there.
create or replace function ${schema}.series_bounds(
  since timestamptz, until timestamptz, grain text, out first timestamptz, out last timestamptz, out step interval)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  epoch constant timestamptz := '1970-01-01Z';
  max_buckets constant int := 1000000;
  oldest timestamptz;
begin
  perform ${schema}.check_range(since, until);
  select length into step from ${schema}.grain as known where known.name = series_bounds.grain;
  if step is null then
    raise exception 'there is no grain %: use one of %', coalesce(grain, 'null'),
      (select string_agg(name, ', ' order by length) from ${schema}.grain) using errcode = '22023';
  end if;
  select now() - keep into oldest from ${schema}.retention_policy where table_name = 'http_request_' || grain;
  first := date_bin(step, since, epoch);
  if first < oldest then first := date_bin(step, oldest - interval '1 microsecond', epoch) + step; end if;
  last := least(until, date_bin(step, now(), epoch));
  if extract(epoch from last - first) / extract(epoch from step) > max_buckets then
    raise exception 'a series has % buckets at most, and % to % at % has more: choose a shorter range or a coarser grain',
      max_buckets, first, last, grain using errcode = '22023';
  end if;
end
$$;
comment on function ${schema}.series_bounds(timestamptz, timestamptz, text) is
  'Part of series: where its first bucket begins, until when the last one does, and how long they are';

create or replace function ${schema}.series(site int, since timestamptz, until timestamptz, grain text, variadic measures text[])
returns table (bucket timestamptz, is_empty boolean, measured double precision[])
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  bounds record;
  fallback double precision[];
  unknown text;
begin
  select string_agg(coalesce(wanted, 'null'), ', ') into unknown
  from unnest(measures) as wanted where wanted is null or wanted not in (select name from ${schema}.series_measures());
  if unknown is not null or cardinality(measures) = 0 then
    raise exception 'there is no measure % for a series: use some of %', coalesce(unknown, '{}'),
      (select string_agg(name, ', ' order by name) from ${schema}.series_measures()) using errcode = '22023';
  end if;
  bounds := ${schema}.series_bounds(since, until, grain);
  fallback := array(select known.of_none from unnest(measures) with ordinality as wanted (name, place)
                   join ${schema}.series_measures() as known using (name) order by place);
  return query
    select each, answer.bucket is null, coalesce(answer.measured, fallback)
    from generate_series(bounds.first, bounds.last - interval '1 microsecond', bounds.step) as each
    left join ${schema}.series_rows(${schema}.series_query(site, bounds.first, bounds.last, grain, measures)) as answer on answer.bucket = each
    order by each;
end
$$;
comment on function ${schema}.series(int, timestamptz, timestamptz, text, text[]) is
  'Every bucket that is over, from the one that holds since until before until, with measures in their order; of one site or, with null, of all sites together';

create or replace function ${schema}.statistics(site int, since timestamptz, until timestamptz, grain text, measure text)
returns table (
  bucket_count bigint, empty_count bigint, value_count bigint, minimum double precision, maximum double precision,
  mean double precision, median double precision, sd double precision, variance double precision,
  skewness double precision, kurtosis double precision)
language sql stable parallel restricted as $$
  select count(*), count(*) filter (where is_empty), count(value), min(value), max(value), avg(value),
         percentile_cont(0.5) within group (order by value), stddev_samp(value), var_samp(value),
         ${schema}.skewness(value), ${schema}.kurtosis(value)
  from (select is_empty, measured[1] as value from ${schema}.series(site, since, until, grain, measure)) as series
$$;
comment on function ${schema}.statistics(int, timestamptz, timestamptz, text, text) is
  'How a measure is spread over the buckets of series(): sd, variance, skewness (G1) and kurtosis (G2, 0 of a normal distribution) are estimates for the population that the buckets are a sample of';

create or replace function ${schema}.regression(site int, since timestamptz, until timestamptz, grain text, y_measure text, x_measure text)
returns table (pair_count bigint, slope double precision, intercept double precision, r2 double precision, correlation double precision)
language sql stable parallel restricted as $$
  select regr_count(y, x), regr_slope(y, x), regr_intercept(y, x), regr_r2(y, x), corr(y, x)
  from (select measured[1] as y, measured[2] as x from ${schema}.series(site, since, until, grain, y_measure, x_measure)) as series
$$;
comment on function ${schema}.regression(int, timestamptz, timestamptz, text, text, text) is
  'The line y = slope x + intercept of least squares through two measures of the buckets of series(); correlation is Pearson''s, r2 its square';
