-- The tables whose rows belong to a site each. Roles, tenants and the removal of a site go by this list.
-- Not in SQL, which would be inlined, and then Citus cannot plan the query that asks.
create or replace function ${schema}.site_tables() returns setof text
language plpgsql stable as $$
begin
  return query
    select table_name from ${schema}.traffic_table join ${schema}.grain on grain.name = traffic_table.grain
    order by late_of is not null, length, table_name;
  return query values ('breakdown_1hour'), ('breakdown_1day'), ('top_site_candidate'), ('top_site');
end
$$;
comment on function ${schema}.site_tables() is 'The tables that are keyed by site_id, but for the names of sites';

create or replace function ${schema}.check_site(site int) returns void
language plpgsql immutable as $$
begin
  if not coalesce(site >= 0, false) then
    raise exception 'the ID of a site must be 0 or more, not %', coalesce(site::text, 'null') using errcode = '22023';
  end if;
end
$$;
comment on function ${schema}.check_site(int) is 'Fails unless a site can have this ID';

create or replace function ${schema}.normalised_domain(domain text) returns text
language sql immutable as $$
  select regexp_replace(lower(domain collate "C"), '\.$', '')
$$;
comment on function ${schema}.normalised_domain(text) is 'A domain in lower case and without a dot at the end';

create or replace function ${schema}.fail_as_no_domain(domain text) returns void
language plpgsql as $$
begin
  raise exception '''%'' is not a domain: use letters, digits and hyphens, and dots between labels of up to 63 characters', domain
    using errcode = '22023';
end
$$;
comment on function ${schema}.fail_as_no_domain(text) is 'Fails, and says what a domain is';

-- Jobs look at this table every ten seconds, and must know a version before the first request that it holds for: hence
-- half a minute. A replay of the topic then finds the same site for each request as the first reading did. So it must be
-- committed soon.
create or replace function ${schema}.set_host(host text, site int, holds_from timestamptz) returns timestamptz
language plpgsql as $$
#variable_conflict use_variable
declare
  last ${schema}.site_host;
begin
  perform ${schema}.lock_to_commit_soon('set_host', 'a host', 'name fewer hosts in one');
  if holds_from = 'infinity' then
    raise exception 'a host must hold some day, not from infinity on' using errcode = '22023';
  end if;
  select * into last from ${schema}.site_host as known
  where known.host = host order by version desc limit 1;
  holds_from := coalesce(holds_from, greatest(date_trunc('second', clock_timestamp()) + interval '30 seconds',
                                              last.holds_from + interval '1 second'));
  if last.holds_from >= holds_from then
    raise exception '% belongs to % from % on: what holds before that cannot be changed any more, choose a later time', host,
      coalesce('site ' || last.site_id, 'no site'), last.holds_from using errcode = '22023';
  end if;
  if last.site_id is distinct from site then
    insert into ${schema}.site_host (version, host, site_id, holds_from)
    select coalesce(max(version), 0) + 1, host, site, holds_from from ${schema}.site_host;
  else
    holds_from := last.holds_from;
  end if;
  return holds_from;
end
$$;
comment on function ${schema}.set_host(text, int, timestamptz) is
  'Makes a host belong to a site, or to none, and returns from when on; by default from half a minute from now on';
revoke execute on function ${schema}.set_host(text, int, timestamptz) from public;

create or replace function ${schema}.add_host(site int, host text, holds_from timestamptz default null)
returns timestamptz
language plpgsql as $$
begin
  perform ${schema}.check_site(site);
  return ${schema}.set_host(${schema}.normalised_domain(host), site, holds_from);
exception
  when check_violation or not_null_violation then
    perform ${schema}.fail_as_no_domain(host);
end
$$;
comment on function ${schema}.add_host(int, text, timestamptz) is
  'Makes a host belong to a site, and returns from when on: requests that arrive then and name the host are counted for the site';
revoke execute on function ${schema}.add_host(int, text, timestamptz) from public;

create or replace function ${schema}.remove_host(host text, holds_from timestamptz default null) returns timestamptz
language plpgsql as $$
declare
  normalised text := ${schema}.normalised_domain(host);
begin
  if not exists (select from ${schema}.site_host as known where known.host = normalised) then
    raise exception '% is not a host of any site', coalesce(normalised, 'null') using errcode = '22023';
  end if;
  return ${schema}.set_host(normalised, null, holds_from);
end
$$;
comment on function ${schema}.remove_host(text, timestamptz) is
  'Makes a host belong to no site any more, and returns from when on: requests that arrive then and name it are rejected';
revoke execute on function ${schema}.remove_host(text, timestamptz) from public;

-- The table's own constraints say what is a domain.
create or replace function ${schema}.add_site(site int, domain text, holds_from timestamptz default null) returns text
language plpgsql as $$
declare
  normalised text := ${schema}.normalised_domain(domain);
  taken record;
begin
  perform ${schema}.check_site(site);
  insert into ${schema}.site values (site, normalised) on conflict do nothing;
  if not found then
    select * into taken from ${schema}.site as known
    where known.site_id = site or known.domain = normalised
    order by known.site_id = site desc limit 1;
    if taken.site_id = site then
      raise exception 'site % already has the domain %', site, taken.domain using errcode = '42710';
    end if;
    raise exception '% is already the domain of site %', normalised, taken.site_id using errcode = '42710';
  end if;
  select known.site_id into taken from ${schema}.site_host as known
  where known.host = normalised order by version desc limit 1;
  if taken.site_id <> site then
    raise exception '% is already a host of site %', normalised, taken.site_id using errcode = '42710';
  end if;
  perform ${schema}.set_host(normalised, site, holds_from);
  return normalised;
exception
  when check_violation or not_null_violation then
    perform ${schema}.fail_as_no_domain(domain);
end
$$;
comment on function ${schema}.add_site(int, text, timestamptz) is
  'Gives a site its domain, which is a host of it, and returns it in lower case and without a dot at the end; international names must be in ASCII (xn--)';
revoke execute on function ${schema}.add_site(int, text, timestamptz) from public;

create or replace function ${schema}.site_rows(site int) returns table (table_name text, row_count bigint)
language plpgsql stable as $$
begin
  perform ${schema}.check_site(site);
  for table_name in select * from ${schema}.site_tables() loop
    execute format('select count(*) from ${schema}.%I where site_id = %L::int', table_name, site) into row_count;
    return next;
  end loop;
end
$$;
comment on function ${schema}.site_rows(int) is 'How many rows of a site each table holds';

-- Partition by partition, since an archived one refuses DELETE: where it holds such rows it is brought back first. Others
-- may write meanwhile; what they write after the DELETE stays.
create or replace function ${schema}.delete_rows(relation text, condition text) returns bigint
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  partition record;
  deleted bigint;
  has_rows boolean;
  total bigint := 0;
begin
  for partition in
    select format('${schema}.%I', member.relname) as name, access_method.amname = 'columnar' as is_archived,
           substring(pg_get_expr(member.relpartbound, member.oid) from 'FROM \(''([^'']+)''\)')::timestamptz as first_bucket
    from pg_class as member
    left join pg_am as access_method on access_method.oid = member.relam
    where member.relkind = 'r'
      -- the tree of a table without partitions is empty
      and (member.oid = format('${schema}.%I', relation)::regclass
           or member.oid in (select relid from pg_partition_tree(format('${schema}.%I', relation)::regclass)))
    order by member.relname
  loop
    if partition.is_archived then
      execute format('select exists (select from %s where %s)', partition.name, condition) into has_rows;
      continue when not has_rows;
      perform ${schema}.restore_partition(relation, partition.first_bucket);
    end if;
    execute format('delete from %s where %s', partition.name, condition);
    get diagnostics deleted = row_count;
    total := total + deleted;
  end loop;
  return total;
end
$$;
comment on function ${schema}.delete_rows(text, text) is
  'Part of remove_site and remove_view: deletes rows of a table by site, and returns how many there were';
revoke execute on function ${schema}.delete_rows(text, text) from public;

create or replace function ${schema}.remove_site(site int) returns table (table_name text, row_count bigint)
language plpgsql as $$
begin
  perform ${schema}.check_site(site);
  for table_name in select * from ${schema}.site_tables() loop
    row_count := ${schema}.delete_rows(table_name, format('site_id = %L::int', site));
    return next;
  end loop;
  perform ${schema}.set_host(host, null, null)
  from (select distinct on (host) host, known.site_id from ${schema}.site_host as known order by host, version desc) as last
  where last.site_id = site;
  table_name := 'site';
  execute format('delete from ${schema}.site where site_id = %L::int', site);
  get diagnostics row_count = row_count;
  return next;
end
$$;
comment on function ${schema}.remove_site(int) is
  'Removes all rows of a site, its name and its hosts, and returns how many rows each table had; stop sending its requests first';
