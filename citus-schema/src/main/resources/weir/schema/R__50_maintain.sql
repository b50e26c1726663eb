-- What is to be done, partitions to make first: writers wait for them. Days, months and years
-- of UTC and dates in ISO form, whatever the session has. The policy alone says what is dropped, and nothing is made
-- that it would drop: runs with other arguments, and writers, may have made more or less, in any order. A partition that
-- was brought back from the archive, or made, stays for a day: a new store has a backlog to write.
create or replace function ${schema}.maintenance_due(
  max_age interval default '7 days', settle interval default '1 hour', moment timestamptz default now())
returns table (action text, parent text, relation text, lower_bound timestamptz, upper_bound timestamptz)
language sql stable set timezone = 'UTC' set datestyle = 'ISO' as $$
  with partition as (
    select parent, relation, lower_bound, upper_bound, is_archived,
           keep is not null and upper_bound <= moment - keep as is_expired,
           archive_after is not null and upper_bound <= least(moment - archive_after, moment - settle) as is_old
    from ${schema}.partitions() join ${schema}.retention_policy on table_name = parent
  ), needed as (
    select policy.table_name, start as lower_bound, start + ('1 ' || partition_span)::interval as upper_bound,
           ${schema}.partition_name(policy.table_name, partition_span, start) as relation
    from ${schema}.retention_policy as policy,
    lateral generate_series(date_trunc(partition_span, greatest(moment - max_age - settle, moment - keep)),
                            date_trunc(partition_span, moment) + partitions_ahead * ('1 ' || partition_span)::interval,
                            ('1 ' || partition_span)::interval) as start
  )
  select * from (
    select 'make', table_name, relation, lower_bound, upper_bound
    from needed
    where not exists (
      select from partition
      where partition.parent = needed.table_name
        and partition.lower_bound <= needed.lower_bound and needed.lower_bound < partition.upper_bound)
    union all
    select 'drop', parent, relation, lower_bound, upper_bound
    from partition
    where is_expired
    union all
    select 'archive', parent, relation, lower_bound, upper_bound
    from partition
    where is_old and not is_expired and not is_archived and ${schema}.can_archive()
      and not exists (
        select from ${schema}.maintenance_log as entry
        where entry.action in ('make', 'restore') and entry.relation = partition.relation and entry.at > moment - interval '1 day')
  ) as due (action, parent, relation, lower_bound, upper_bound)
  order by due.action desc, due.lower_bound, due.parent
$$;
comment on function ${schema}.maintenance_due(interval, interval, timestamptz) is
  'Partitions that maintain would make, drop or archive, in its order';

-- A site that has left the list keeps its row for as long as one in it may stay unseen.
create or replace function ${schema}.purge_top_sites(moment timestamptz) returns bigint
language plpgsql as $$
declare
  before timestamptz := (select moment - longterm_retention_period from ${schema}.top_site_config order by version desc limit 1);
  purged bigint;
begin
  delete from ${schema}.top_site where left_at < before;
  get diagnostics purged = row_count;
  if purged > 0 then
    insert into ${schema}.maintenance_log (action, relation, message)
    values ('purge', 'top_site', purged || case purged when 1 then ' site' else ' sites' end || ' that left the list before ' || to_char(before at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC');
    raise notice 'purge top_site (%)', purged;
  end if;
  return purged;
end
$$;
comment on function ${schema}.purge_top_sites(timestamptz) is
  'Removes sites that left the list longterm_retention_period before the moment; returns how many';

-- A transaction for each partition: the lock on its table is short, whatever the backlog. What is to
-- be done is asked anew each time, since the policy may change and another run may take over.
create or replace procedure ${schema}.maintain(
  max_age interval default '7 days', settle interval default '1 hour', moment timestamptz default now())
language plpgsql as $$
declare
  step record;
  waiting text[] := '{}';
  entry text;
begin
  if not coalesce(max_age >= interval '0' and settle >= interval '0' and isfinite(moment), false) then
    raise exception 'maintain needs a max_age and a settle that are not negative, and a time' using errcode = '22023';
  end if;
  loop
    if not ${schema}.try_lock_mutex('maintain') then
      raise notice 'another run is at work';
      return;
    end if;
    select * into step from ${schema}.maintenance_due(max_age, settle, moment) as due
    where due.parent <> all (waiting) limit 1;
    exit when not found;
    entry := to_char(step.lower_bound at time zone 'UTC', 'YYYY-MM-DD') || ' to '
             || to_char(step.upper_bound at time zone 'UTC', 'YYYY-MM-DD') || ' UTC';
    begin
      perform set_config('datestyle', 'ISO', true);  -- bounds travel to Citus's workers as text
      if current_setting('lock_timeout') = '0' then
        perform set_config('lock_timeout', '2s', true);
      end if;
      if step.action = 'make' then
        perform ${schema}.ensure_partitions(step.parent, step.lower_bound, step.lower_bound);
      elsif step.action = 'drop' then
        execute format('drop table ${schema}.%I', step.relation);
      else
        perform ${schema}.convert_partition(step.parent, step.relation, 'columnar');
      end if;
      insert into ${schema}.maintenance_log (action, relation, message) values (step.action, step.relation, entry);
    exception when lock_not_available or deadlock_detected then
      waiting := waiting || step.parent;
      insert into ${schema}.maintenance_log (action, relation, message)
      values ('wait', step.relation, format('%s: %s', step.action, sqlerrm));
    end;
    commit;
    if step.parent <> all (waiting) then
      raise notice '% % (%)', step.action, step.relation, entry;
    end if;
  end loop;
  perform ${schema}.purge_top_sites(moment);
  commit;
  if cardinality(waiting) > 0 then
    raise exception 'others hold locks on %: run maintain again', array_to_string(waiting, ', ') using errcode = '55P03';
  end if;
end
$$;
comment on procedure ${schema}.maintain(interval, interval, timestamptz) is
  'Makes the partitions that rows from moment - max_age - settle on need and the policy keeps, drops those it no longer keeps, archives old ones and purges the list of top sites';
