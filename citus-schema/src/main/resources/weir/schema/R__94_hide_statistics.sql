-- EXPLAIN shows a tenant how many rows the planner expects of any site, or above any number of
-- requests: row security does not bind the planner's statistics, which are samples of all rows. So no
-- column has any but bucket, on which plans depend and which belongs to all sites alike.
create or replace function ${schema}.without_statistics(relation regclass) returns text
language sql stable as $$
  select string_agg(format('alter %I set statistics 0', attname), ', ' order by attnum)
  from pg_attribute
  where attrelid = relation and attnum > 0 and not attisdropped and attname <> 'bucket'
$$;
comment on function ${schema}.without_statistics(regclass) is
  'What ALTER TABLE takes so that ANALYZE samples no column of a table but bucket';

-- Citus refuses SET STATISTICS on a distributed table, but distributes a new table with what it has.
create or replace function ${schema}.make_partition(
  parent text, child text, lower_bound timestamptz, upper_bound timestamptz) returns void
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' as $$
begin
  execute format('create table ${schema}.%I (like ${schema}.%I including all)', child, parent);
  execute format('alter table ${schema}.%I %s', child, ${schema}.without_statistics(format('${schema}.%I', child)::regclass));
  -- Rows are written several times while they are provisional: what is left behind is used again sooner.
  execute format('alter table ${schema}.%I set (autovacuum_vacuum_scale_factor = 0.05)', child);
  execute format('alter table ${schema}.%I attach partition ${schema}.%I for values from (%L) to (%L)',
                 parent, child, lower_bound, upper_bound);
end
$$;
comment on function ${schema}.make_partition(text, text, timestamptz, timestamptz) is
  'Makes one partition, which is vacuumed often and whose columns have no statistics that EXPLAIN could show';

-- For a table and the partitions it has. What was sampled before can be removed by a superuser only.
create or replace function ${schema}.hide_statistics(relation text) returns void
language plpgsql as $$
declare
  parent regclass := format('${schema}.%I', relation)::regclass;
  alteration text := ${schema}.without_statistics(parent);
  removal text := 'delete from pg_statistic using pg_partition_tree(%L) as tree, pg_attribute where starelid = relid and attrelid = relid and attnum = staattnum and attname <> ''bucket''';
  is_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
  failure text;
begin
  if not exists (select from pg_attribute
                 where (attrelid = parent or attrelid in (select relid from pg_partition_tree(parent))) and attnum > 0 and not attisdropped and attname <> 'bucket'
                   and attstattarget is distinct from 0) then
    return;
  end if;
  if exists (select from pg_extension where extname = 'citus') then
    if exists (select from pg_dist_partition where logicalrelid = parent) then
      select result into failure
      from run_command_on_shards(parent, 'alter table %s ' || alteration) where not success limit 1;
      if failure is not null then
        raise exception 'statistics of % cannot be turned off: %', parent, failure;
      end if;
      if is_superuser then
        perform run_command_on_shards(parent, removal);
      end if;
      perform set_config('citus.enable_ddl_propagation', 'off', true);
    end if;
  end if;
  execute format('alter table %s %s', parent, alteration);
  if is_superuser then
    execute format(removal, parent::text);
  end if;
  if exists (select from pg_extension where extname = 'citus') then
    perform set_config('citus.enable_ddl_propagation', 'on', true);
  end if;
end
$$;
comment on function ${schema}.hide_statistics(text) is
  'Keeps ANALYZE from sampling a table''s columns, bucket left out, now and in all its partitions';
