-- The tables whose rows belong to a site each. Roles, tenants and the removal of a site go by this list.
create or replace function ${schema}.site_tables() returns setof text
language sql immutable parallel safe as $$
  values ('http_request_1min'), ('http_request_1hour'), ('http_request_1day'), ('top_site_candidate'), ('top_site')
$$;
comment on function ${schema}.site_tables() is 'The tables that are keyed by site_id, weir''s names of sites left out';

create or replace function ${schema}.site_rows(site int) returns table (table_name text, row_count bigint)
language plpgsql stable as $$
begin
  for table_name in select * from ${schema}.site_tables() loop
    execute format('select count(*) from ${schema}.%I where site_id = %L::int', table_name, site) into row_count;
    return next;
  end loop;
end
$$;
comment on function ${schema}.site_rows(int) is 'How many rows of a site each table holds';

-- Table by table and partition by partition, since an archived one refuses DELETE: where it holds rows of the site it is
-- brought back first. Others may write meanwhile; what they write after the DELETE stays.
create or replace function ${schema}.remove_site(site int) returns table (table_name text, row_count bigint)
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  partition record;
  removed bigint;
  has_rows boolean;
begin
  if site is null then
    raise exception 'remove_site needs a site' using errcode = '22004';
  end if;
  for table_name in select * from ${schema}.site_tables() loop
    row_count := 0;
    for partition in
      select format('${schema}.%I', member.relname) as relation, access_method.amname = 'columnar' as is_archived,
             substring(pg_get_expr(member.relpartbound, member.oid) from 'FROM \(''([^'']+)''\)')::timestamptz as first_bucket
      from pg_class as member
      left join pg_am as access_method on access_method.oid = member.relam
      where member.relkind = 'r'
        -- the tree of a table without partitions is empty
        and (member.oid = format('${schema}.%I', table_name)::regclass
             or member.oid in (select relid from pg_partition_tree(format('${schema}.%I', table_name)::regclass)))
      order by member.relname
    loop
      if partition.is_archived then
        execute format('select exists (select from %s where site_id = %L::int)', partition.relation, site) into has_rows;
        continue when not has_rows;
        perform ${schema}.restore_partition(table_name, partition.first_bucket);
      end if;
      execute format('delete from %s where site_id = %L::int', partition.relation, site);
      get diagnostics removed = row_count;
      row_count := row_count + removed;
    end loop;
    return next;
  end loop;
  table_name := 'site';
  execute format('delete from ${schema}.site where site_id = %L::int', site);
  get diagnostics removed = row_count;
  row_count := removed;
  return next;
end
$$;
comment on function ${schema}.remove_site(int) is
  'Removes all rows of a site and its name, and returns how many each table had; stop sending its requests first';
