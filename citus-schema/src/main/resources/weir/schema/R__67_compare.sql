-- Whether two ranges of time differ by more than chance.

-- M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4: a finite sum where the degrees of
-- freedom are whole.
create or replace function ${schema}.student_p(t double precision, df int) returns double precision
language plpgsql immutable parallel safe strict as $$
declare
  is_odd constant boolean := df % 2 = 1;
  angle double precision;
  term double precision;
  sum double precision := 0;
  within_t double precision;
begin
  if df < 1 then return null; end if;
  angle := atan(abs(t) / sqrt(df));
  term := case when is_odd then cos(angle) else 1 end;
  for i in 1 .. df / 2 loop
    sum := sum + term;
    exit when term < 1e-17 * sum;
    term := term * df / (df + t * t) * case when is_odd then 2 * i / (2 * i + 1.0) else (2 * i - 1) / (2.0 * i) end;
  end loop;
  within_t := sin(angle) * sum;
  if is_odd then within_t := 2 / pi() * (angle + within_t); end if;
  return least(greatest(1 - within_t, 0), 1);
end
$$;
comment on function ${schema}.student_p(double precision, int) is
  'Chance that Student''s t with these degrees of freedom lies as far from 0 as t or farther, on either side, within 1e-12';

-- What the two ranges are compared by. Where both are as long, what lies beyond the end of one is left out of both.
create or replace function ${schema}.compared_buckets(
  site int, since1 timestamptz, until1 timestamptz, since2 timestamptz, until2 timestamptz, grain text, is_paired boolean)
returns table (side int, place bigint, bucket timestamptz, requests double precision, errors double precision,
               timed double precision, msec double precision)
language plpgsql stable parallel restricted as $$
begin
  return query
    with each as (
      select 1 as side, row_number() over (order by series.bucket) as place, series.bucket, measured
      from ${schema}.series(site, since1, until1, grain, 'request_count', 'error_count', 'timed_count', 'response_time_sum_usec') as series
      union all
      select 2, row_number() over (order by series.bucket), series.bucket, measured
      from ${schema}.series(site, since2, until2, grain, 'request_count', 'error_count', 'timed_count', 'response_time_sum_usec') as series
    )
    select each.side, each.place, each.bucket, measured[1], measured[2], measured[3], measured[4] / 1000
    from each
    where not is_paired or each.place <= least((select count(*) from each as first where first.side = 1),
                                               (select count(*) from each as second where second.side = 2));
end
$$;
comment on function ${schema}.compared_buckets(int, timestamptz, timestamptz, timestamptz, timestamptz, text, boolean) is
  'Part of compare: the buckets of both ranges';

-- Sums of both ranges, in arrays of two, and how their buckets scatter about them. Paired, a bucket is expected to have its
-- share of what both have in its place: so the course of a day, which both share, does not count as scatter.
create or replace function ${schema}.compared_sums(
  site int, since1 timestamptz, until1 timestamptz, since2 timestamptz, until2 timestamptz, grain text, is_paired boolean,
  out n int[], out begins timestamptz[], out last timestamptz[], out requests double precision[], out errors double precision[],
  out timed double precision[], out msec double precision[], out timed_buckets int[], out time_scatter double precision[],
  out places int, out request_scatter double precision, out error_freedom int, out error_scatter double precision)
language plpgsql stable parallel restricted as $$
#variable_conflict use_column
begin
  with bucket as (
    select * from ${schema}.compared_buckets(site, since1, until1, since2, until2, grain, is_paired)
  ), total as (
    select side, count(*)::int as n, min(bucket) as begins, max(bucket) as last, sum(requests) as requests, sum(errors) as errors,
           sum(timed) as timed, sum(msec) as msec, sum(errors) / nullif(sum(requests), 0) as share
    from bucket group by side
  ), expectation as (
    select bucket.*, share,
           case when is_paired then sum(bucket.requests) over (partition by place) * total.requests / nullif(sum(bucket.requests) over (), 0)
                else total.requests / n end as expected,
           bucket.msec - bucket.timed * total.msec / nullif(total.timed, 0) as time_deviation
    from bucket join total using (side)
  ), scatter as (
    select side, count(*) filter (where timed > 0)::int as timed_buckets, sum(time_deviation * time_deviation) as times,
           sum(power(requests - expected, 2) / expected) filter (where expected > 0) as requests,
           count(*) filter (where expected > 0)::int as places,
           -- Errors scatter about their share only where it is not 0 or 1.
           greatest(count(*) filter (where requests > 0 and share > 0 and share < 1) - 1, 0)::int as error_freedom,
           sum(power(errors - requests * share, 2) / (requests * share * (1 - share)))
             filter (where requests > 0 and share > 0 and share < 1) as errors
    from expectation group by side
  )
  select array_agg(total.n order by side), array_agg(total.begins order by side), array_agg(total.last order by side),
         array_agg(total.requests order by side), array_agg(total.errors order by side), array_agg(total.timed order by side),
         array_agg(total.msec order by side), array_agg(scatter.timed_buckets order by side), array_agg(scatter.times order by side),
         max(scatter.places), sum(scatter.requests), sum(scatter.error_freedom), sum(scatter.errors)
  into n, begins, last, requests, errors, timed, msec, timed_buckets, time_scatter, places, request_scatter, error_freedom, error_scatter
  from total join scatter using (side);
end
$$;
comment on function ${schema}.compared_sums(int, timestamptz, timestamptz, timestamptz, timestamptz, text, boolean) is
  'Part of compare: the sums of both ranges and the scatter of their buckets';

-- What each test assumes is in docs/statistics.md.
create or replace function ${schema}.compare(
  site int, since1 timestamptz, until1 timestamptz, since2 timestamptz, until2 timestamptz)
returns table (measure text, first double precision, second double precision, change double precision,
               p_value double precision, is_more_than_chance boolean, test text)
language plpgsql stable parallel restricted set search_path = ${searchPath} set timezone = 'UTC' as $$
declare
  limit_p constant double precision := 0.01;
  sketch_error constant double precision := 1.04 / sqrt(2048);
  is_paired constant boolean := until1 - since1 = until2 - since2;
  grain record;
  hours double precision;
  sums record;
  visitors double precision[] := '{}';
  visitors_of_side double precision;
  deviation double precision;
  variance double precision[] := '{}';
  pooled double precision;
  dispersion double precision;
  error double precision;
  df int;
begin
  perform ${schema}.check_range(since1, until1);
  perform ${schema}.check_range(since2, until2);
  if since1 >= until1 or since2 >= until2 then
    raise exception 'a comparison needs two ranges that begin before they end, got % to % and % to %', since1, until1, since2, until2
      using errcode = '22023';
  end if;
  select * into grain from ${schema}.grain as known
  where known.name = ${schema}.traffic_grain(least(since1, since2), least(since1, since2) + greatest(until1 - since1, until2 - since2), 100);
  hours := extract(epoch from grain.length) / 3600;
  sums := ${schema}.compared_sums(site, since1, until1, since2, until2, grain.name, is_paired);
  if coalesce(cardinality(sums.n), 0) < 2 then
    raise exception 'each range of a comparison needs a whole % that is over and still kept, and % to % or % to % has none',
      grain.unit, since1, until1, since2, until2 using errcode = '22023';
  end if;
  for side in 1 .. 2 loop
    execute ${schema}.range_sums(null, site, sums.begins[side], sums.last[side] + grain.length, 'distinct_ip_address_count', 'sd_msec')
    into visitors_of_side, deviation;
    visitors[side] := coalesce(visitors_of_side, 0);
    -- Buckets are clusters of requests. Not less than if each request were on its own.
    variance[side] := case when sums.timed_buckets[side] > 1 then greatest(
      sums.time_scatter[side] * sums.timed_buckets[side] / (sums.timed_buckets[side] - 1) / power(sums.timed[side], 2),
      power(deviation, 2) / sums.timed[side]) end;
  end loop;

  measure := 'requests_per_hour';
  first := sums.requests[1] / sums.n[1] / hours;
  second := sums.requests[2] / sums.n[2] / hours;
  df := case when is_paired then sums.places - 1 else sums.n[1] + sums.n[2] - 2 end;
  dispersion := greatest(sums.request_scatter / nullif(df, 0), 1);
  pooled := (sums.requests[1] + sums.requests[2]) / (sums.n[1] + sums.n[2]);
  error := sqrt(dispersion * pooled * (1.0 / sums.n[1] + 1.0 / sums.n[2]));
  p_value := ${schema}.student_p((sums.requests[2] / sums.n[2] - sums.requests[1] / sums.n[1]) / nullif(error, 0), df);
  test := case when p_value is null then 'none: too few buckets with requests'
               else format('Poisson rates, dispersion %s of %s %ss%s, df %s', round(dispersion::numeric, 2), sums.n[1] + sums.n[2],
                           grain.unit, case when is_paired then ' in pairs' else '' end, df) end;
  change := second / nullif(first, 0) - 1;
  is_more_than_chance := p_value < limit_p;
  return next;

  measure := 'error_rate';
  first := sums.errors[1] / nullif(sums.requests[1], 0);
  second := sums.errors[2] / nullif(sums.requests[2], 0);
  df := sums.error_freedom;
  dispersion := greatest(sums.error_scatter / nullif(df, 0), 1);
  pooled := (sums.errors[1] + sums.errors[2]) / nullif(sums.requests[1] + sums.requests[2], 0);
  error := sqrt(dispersion * pooled * (1 - pooled) * (1 / nullif(sums.requests[1], 0) + 1 / nullif(sums.requests[2], 0)));
  p_value := ${schema}.student_p((second - first) / nullif(error, 0), df);
  test := case when p_value is not null then format('two proportions, dispersion %s, df %s', round(dispersion::numeric, 2), df)
               when first is null or second is null then 'none: a range without requests'
               when error = 0 then 'none: the shares are both 0 or both 1'
               else 'none: too few buckets with requests' end;
  change := second / nullif(first, 0) - 1;
  is_more_than_chance := p_value < limit_p;
  return next;

  measure := 'average_response_time_msec';
  first := sums.msec[1] / nullif(sums.timed[1], 0);
  second := sums.msec[2] / nullif(sums.timed[2], 0);
  error := sqrt(variance[1] + variance[2]);
  df := floor(power(error, 4) / nullif(power(variance[1], 2) / (sums.timed_buckets[1] - 1) + power(variance[2], 2) / (sums.timed_buckets[2] - 1), 0));
  p_value := ${schema}.student_p((second - first) / nullif(error, 0), df);
  test := case when p_value is null then 'none: too few buckets with response times'
               else format('Welch''s t of %s and %s %ss, df %s', sums.timed_buckets[1], sums.timed_buckets[2], grain.unit, df) end;
  change := second / nullif(first, 0) - 1;
  is_more_than_chance := p_value < limit_p;
  return next;

  measure := 'unique_visitors';
  first := visitors[1];
  second := visitors[2];
  df := sums.n[1] + sums.n[2] - 2;
  error := sqrt(2 * power(sketch_error, 2) + 1 / nullif(first, 0) + 1 / nullif(second, 0));
  p_value := case when sums.n[1] = sums.n[2] and error > 0 then ${schema}.student_p(ln(second / first) / error, df) end;
  test := case when p_value is not null then format('logarithms of Poisson numbers with errors of 2.3 %%, df %s', df)
               when sums.n[1] <> sums.n[2] then 'none: only ranges of the same length can be compared by visitors'
               when error is null then 'none: a range without visitors'
               else 'none: too few buckets' end;
  change := second / nullif(first, 0) - 1;
  is_more_than_chance := p_value < limit_p;
  return next;
end
$$;
comment on function ${schema}.compare(int, timestamptz, timestamptz, timestamptz, timestamptz) is
  'Requests, errors, response times and visitors of two ranges, by how much they changed, and whether that is more than chance (p below 0.01); of one site or, with null, of all sites together';
