-- Archived is what Citus calls columnar: compressed, and read like any other partition, but no row
-- of it can be added or changed by the writers' upsert.
create or replace function ${schema}.can_archive() returns boolean
language sql stable as $$
  select exists (select from pg_catalog.pg_am where amname = 'columnar')
         and to_regproc('pg_catalog.create_distributed_table') is not null
$$;
comment on function ${schema}.can_archive() is 'Whether Citus and its extension citus_columnar are there';

create or replace function ${schema}.partitions()
returns table (parent text, relation text, lower_bound timestamptz, upper_bound timestamptz, is_archived boolean)
language sql stable set timezone = 'UTC' set datestyle = 'ISO' as $$
  select policy.table_name, child.relname::text,
         substring(bounds from 'FROM \(''([^'']+)''\)')::timestamptz,
         substring(bounds from 'TO \(''([^'']+)''\)')::timestamptz,
         exists (select from pg_catalog.pg_am where pg_am.oid = child.relam and amname = 'columnar')
  from ${schema}.retention_policy as policy
  join pg_catalog.pg_inherits on inhparent = to_regclass('${schema}.' || policy.table_name)
  join pg_catalog.pg_class as child on child.oid = inhrelid,
  lateral pg_get_expr(child.relpartbound, child.oid) as bounds
$$;
comment on function ${schema}.partitions() is 'The partitions of the tables of retention_policy';

-- The lock comes first: a writer that holds the table and waits for the partition would otherwise
-- deadlock with the end of the conversion, which wants the table. Readers go on until that end. The
-- copy is ours, not Citus's alter_table_set_access_method, which would turn statistics on again.
create or replace function ${schema}.convert_partition(parent text, relation text, method text) returns void
language plpgsql set client_min_messages = warning set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  copy text := relation || '_copy';
  bounds text := (select pg_get_expr(relpartbound, oid) from pg_class where oid = format('${schema}.%I', relation)::regclass);
begin
  execute format('lock table ${schema}.%I in share row exclusive mode', parent);
  execute format('create table ${schema}.%I (like ${schema}.%I including all) using %I', copy, relation, method);
  execute format('alter table ${schema}.%I %s', copy, ${schema}.without_statistics(format('${schema}.%I', copy)::regclass));
  perform create_distributed_table(format('${schema}.%I', copy), 'site_id', colocate_with => format('${schema}.%I', parent));
  -- By site and time, with which every table begins: rows that are alike lie together and compress better.
  execute format('insert into ${schema}.%I select * from ${schema}.%I order by 1, 2', copy, relation);
  execute format('alter table ${schema}.%I detach partition ${schema}.%I', parent, relation);
  execute format('drop table ${schema}.%I', relation);
  execute format('alter table ${schema}.%I rename to %I', copy, relation);
  execute format('alter table ${schema}.%I attach partition ${schema}.%I %s', parent, relation, bounds);
end
$$;
comment on function ${schema}.convert_partition(text, text, text) is
  'Copies a partition into one of another access method, which takes its place';

-- Runs as the owner, since writers may not change tables. Whoever asks second waits for the first and
-- finds nothing to do. Only the wait for the table is short: all others would queue after it.
create or replace function ${schema}.restore_partition(parent text, bucket timestamptz) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO' set lock_timeout = 0 as $$
declare
  archived record;
begin
  perform ${schema}.lock_mutex('restore ' || parent);
  select * into archived from ${schema}.partitions() as p
  where p.parent = restore_partition.parent and p.is_archived
    and p.lower_bound <= bucket and bucket < p.upper_bound;
  if not found then
    return false;
  end if;
  perform set_config('lock_timeout', '2s', true);
  perform ${schema}.convert_partition(archived.parent, archived.relation, 'heap');
  insert into ${schema}.maintenance_log (action, relation, message)
  values ('restore', archived.relation, 'for rows of ' || bucket || ', asked by ' || session_user);
  return true;
end
$$;
comment on function ${schema}.restore_partition(text, timestamptz) is
  'Brings the archived partition that holds the time back to where rows can be written; false when none is archived';
revoke execute on function ${schema}.restore_partition(text, timestamptz) from public;
