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

-- The rank is computed in numeric: in double precision 0.07 * 100 lies above 7.
create or replace function ${schema}.percentile(histogram bigint[], fraction double precision) returns double precision
language plpgsql immutable parallel safe as $$
declare
  g constant double precision := 1.05128205128205128205;  -- 1.025 / 0.975: a relative error of 2.5 %
  total bigint := (select sum(n) from unnest(histogram) as n);
  rank bigint;
  seen bigint := 0;
begin
  if fraction < 0 or fraction > 1 then
    raise exception 'percentile takes a fraction from 0 to 1, not %', fraction using errcode = '22003';
  end if;
  if total is null or total = 0 or fraction is null then return null; end if;
  rank := greatest(1, ceil(fraction::numeric * total));
  for i in array_lower(histogram, 1) .. array_upper(histogram, 1) loop
    seen := seen + histogram[i];
    if seen >= rank then
      return 2 * power(g, i) / (g + 1) / 1000;
    end if;
  end loop;
end
$$;
comment on function ${schema}.percentile(bigint[], double precision) is
  'Response time in milliseconds below or at which the given fraction of the requests lies (nearest rank), within 2.5 %; null when nothing was timed';
