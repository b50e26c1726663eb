create or replace function ${schema}.partition_name(parent text, span text, lower_bound timestamptz) returns text
language sql stable parallel safe as $$
  select parent || '_p' || to_char(lower_bound, case span when 'day' then 'YYYY_MM_DD' when 'month' then 'YYYY_MM' else 'YYYY' end)
$$;
comment on function ${schema}.partition_name(text, text, timestamptz) is
  'The name of a table''s partition by its span and where it begins, in the session''s time zone';

-- Days, months and years of UTC, whatever the caller's time zone. The lock lets two callers ask
-- for the same partition together: the second finds it made.
create or replace function ${schema}.ensure_partitions(parent text, first timestamptz, last timestamptz) returns int
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  unit text := (select partition_span from ${schema}.retention_policy where table_name = parent);
  lower_bound timestamptz := date_trunc(unit, first);
  upper_bound timestamptz;
  child text;
  made int := 0;
begin
  if unit is null then
    raise exception 'retention_policy has no table %', coalesce(parent, 'null') using errcode = '42P01';
  end if;
  if not coalesce(isfinite(first) and isfinite(last), false) then
    raise exception 'partitions need a first and a last time, not % and %', first, last using errcode = '22008';
  end if;
  perform ${schema}.lock_mutex('make ' || parent);
  while lower_bound <= last loop
    upper_bound := lower_bound + ('1 ' || unit)::interval;
    child := ${schema}.partition_name(parent, unit, lower_bound);
    if to_regclass('${schema}.' || child) is null then
      perform ${schema}.make_partition(parent, child, lower_bound, upper_bound);
      made := made + 1;
    end if;
    lower_bound := upper_bound;
  end loop;
  return made;
end
$$;
comment on function ${schema}.ensure_partitions(text, timestamptz, timestamptz) is
  'Makes the partitions of a table of retention_policy that hold the times from first to last; returns how many were missing';

-- Runs as the owner, since writers may not make tables. A partition that the policy no longer keeps is not made:
-- maintenance would drop it again. One that is there takes rows until it is dropped. Nor is one made further ahead than
-- maintenance does: a sender whose clock is wrong would fill the catalogue with days of other centuries. Rows are given
-- up only if the writer's clock agrees, or a wrong clock of this server would cost all of them.
create or replace function ${schema}.admit_buckets(parent text, buckets timestamptz[], moment timestamptz default now())
returns setof timestamptz
language plpgsql security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  span interval;
  policy record;
  missing record;
begin
  select * into policy from ${schema}.retention_policy as p where p.table_name = parent;
  span := ('1 ' || policy.partition_span)::interval;
  for missing in
    select date_trunc(policy.partition_span, bucket) as lower_bound, array_agg(bucket) as buckets
    from unnest(buckets) as bucket
    where not exists (
      select from ${schema}.partitions() as p
      where p.parent = admit_buckets.parent and p.lower_bound <= bucket and bucket < p.upper_bound)
    group by 1 order by 1
  loop
    if missing.lower_bound + span <= least(now(), moment) - policy.keep
       or missing.lower_bound > greatest(now(), moment) + policy.partitions_ahead * span then
      return query select unnest(missing.buckets);
    elsif missing.lower_bound > now() + policy.partitions_ahead * span then
      raise exception 'rows of % are further in the future than partitions of % are made: by this server it is % now, but by the writer %',
        missing.buckets[1], parent, now(), moment using errcode = '22008', hint = 'Set the clock that is wrong.';
    elsif ${schema}.ensure_partitions(parent, missing.lower_bound, missing.lower_bound) > 0 then
      insert into ${schema}.maintenance_log (action, relation, message)
      values ('make', ${schema}.partition_name(parent, policy.partition_span, missing.lower_bound),
              'for rows of ' || missing.buckets[1] || ', asked by ' || session_user);
    end if;
  end loop;
end
$$;
comment on function ${schema}.admit_buckets(text, timestamptz[], timestamptz) is
  'Makes the partitions that rows of these times lack, but none that the policy no longer keeps or does not make yet; returns the times of those';
revoke execute on function ${schema}.admit_buckets(text, timestamptz[], timestamptz) from public;
