-- A histogram is an array slice whose subscript is the bucket: '[40:42]={3,0,9}' has 3 in bucket
-- 40 and 9 in bucket 42. Nothing outside the slice is stored.
create or replace function ${schema}.histogram_add(a bigint[], b bigint[]) returns bigint[]
language plpgsql immutable parallel safe as $$
declare
  missing int;
begin
  if array_ndims(b) is null then return coalesce(a, b); end if;
  if array_ndims(a) is null then return b; end if;
  missing := array_lower(a, 1) - array_lower(b, 1);
  if missing > 0 then
    a := array_fill(0::bigint, array[missing], array[array_lower(b, 1)]) || a;
  end if;
  missing := array_upper(b, 1) - array_upper(a, 1);
  if missing > 0 then
    a := a || array_fill(0::bigint, array[missing]);
  end if;
  for i in array_lower(b, 1) .. array_upper(b, 1) loop
    a[i] := a[i] + b[i];
  end loop;
  return a;
end
$$;
comment on function ${schema}.histogram_add(bigint[], bigint[]) is 'Sum of two histograms, bucket by bucket';

create or replace aggregate ${schema}.histogram_sum(bigint[]) (
  sfunc = ${schema}.histogram_add, stype = bigint[], combinefunc = ${schema}.histogram_add, parallel = safe);
comment on aggregate ${schema}.histogram_sum(bigint[]) is 'Sum of histograms, bucket by bucket; null of none';

-- What a histogram's buckets grow by. Where it changes, ResponseTimeHistogram changes too, and nothing that is
-- stored can be read with it.
create or replace function ${schema}.histogram_base() returns double precision
language sql immutable parallel safe as $$ select 1.05128205128205128205::double precision $$;  -- 1.025 / 0.975
comment on function ${schema}.histogram_base() is
  'g: bucket i of a histogram holds (g^(i-1), g^i] microseconds, and its answer is within 2.5 %';

-- Several percentiles in one pass: four cost what one costs. The rank is computed in numeric: in double
-- precision 0.07 * 100 lies above 7.
create or replace function ${schema}.percentiles(histogram bigint[], fractions double precision[]) returns double precision[]
language plpgsql immutable parallel safe as $$
declare
  g constant double precision := ${schema}.histogram_base();
  total bigint := 0;
  answers double precision[] := '{}';
  next int := 1;
  rank bigint;
  seen bigint := 0;
  n bigint;
  i int := array_lower(histogram, 1);
begin
  if array_ndims(histogram) is null or cardinality(fractions) = 0 then return null; end if;
  -- A loop costs less than a query: a chart calls this for each of its points.
  foreach n in array histogram loop
    total := total + n;
  end loop;
  if total = 0 then return null; end if;
  rank := greatest(ceil(fractions[1]::numeric * total), 1);
  foreach n in array histogram loop
    seen := seen + n;
    while seen >= rank loop
      answers[next] := 2 * power(g, i) / (g + 1) / 1000;
      next := next + 1;
      if next > cardinality(fractions) then return answers; end if;
      rank := greatest(ceil(fractions[next]::numeric * total), 1);
    end loop;
    i := i + 1;
  end loop;
  return answers;
end
$$;
comment on function ${schema}.percentiles(bigint[], double precision[]) is
  'What percentile answers for each of the fractions, which must ascend; null when nothing was timed';

create or replace function ${schema}.percentile(histogram bigint[], fraction double precision) returns double precision
language plpgsql immutable parallel safe as $$
begin
  if fraction < 0 or fraction > 1 then
    raise exception 'percentile takes a fraction from 0 to 1, not %', fraction using errcode = '22003';
  end if;
  if fraction is null then return null; end if;
  return (${schema}.percentiles(histogram, array[fraction]))[1];
end
$$;
comment on function ${schema}.percentile(bigint[], double precision) is
  'Response time in milliseconds below or at which the given fraction of the requests lies (nearest rank), within 2.5 %; null when nothing was timed';

-- The deviations are those of the points that percentile() answers. Each lies within 2.5 % of the response times of
-- its bucket, so by Minkowski's inequality the answer is within 2.5 % of their root mean square.
create or replace function ${schema}.histogram_sd(histogram bigint[]) returns double precision
language plpgsql immutable parallel safe as $$
declare
  g constant double precision := ${schema}.histogram_base();
  total bigint := 0;
  sum double precision := 0;
  squares double precision := 0;
  mean double precision;
  n bigint;
  i int := array_lower(histogram, 1);
begin
  if i is null then return null; end if;
  foreach n in array histogram loop
    total := total + n;
    sum := sum + n * power(g, i);
    i := i + 1;
  end loop;
  if total < 2 then return null; end if;
  mean := sum / total;
  i := array_lower(histogram, 1);
  foreach n in array histogram loop
    squares := squares + n * power(power(g, i) - mean, 2);
    i := i + 1;
  end loop;
  return 2 / (g + 1) / 1000 * sqrt(squares / (total - 1));
end
$$;
comment on function ${schema}.histogram_sd(bigint[]) is
  'Standard deviation (sample) of the response times in milliseconds, within 2.5 % of their root mean square; null of fewer than two';

-- The last subscript of each cell: a bucket of the histogram belongs to the cell that holds the point
-- which percentile() answers for it.
create or replace function ${schema}.histogram_bounds(bounds_msec double precision[]) returns int[]
language sql immutable parallel safe as $$
  select array_agg(floor(ln(bound * 1000 * (g + 1) / 2) / ln(g))::int order by bound)
  from unnest(bounds_msec) as bound, ${schema}.histogram_base() as g
$$;
comment on function ${schema}.histogram_bounds(double precision[]) is
  'The last subscripts of a histogram whose response times are at most these milliseconds, ascending';

create or replace function ${schema}.histogram_cells(histogram bigint[], bounds int[]) returns bigint[]
language plpgsql immutable parallel safe as $$
declare
  cells bigint[] := array_fill(0::bigint, array[cardinality(bounds) + 1]);
  cell int := 1;
  i int := array_lower(histogram, 1);
  n bigint;
  total bigint := 0;
begin
  if i is null then return cells; end if;
  foreach n in array histogram loop
    while i > bounds[cell] loop  -- null after the last one
      cells[cell] := total;
      total := 0;
      cell := cell + 1;
    end loop;
    total := total + n;
    i := i + 1;
  end loop;
  cells[cell] := total;
  return cells;
end
$$;
comment on function ${schema}.histogram_cells(bigint[], int[]) is
  'Requests by cells, each of which ends at a subscript of the histogram: up to the first bound, ..., beyond the last';
