-- Rows can only grow; taking a range out, to have it read again, is done on purpose. Whole days,
-- so that the grains still agree. Late rows stay: their requests are in another topic, which is not read again.
create or replace function ${schema}.range_tables() returns setof text
language plpgsql stable as $$
begin
  return query select 'http_request_' || name from ${schema}.grain order by length;
  return query values ('breakdown_1hour'), ('breakdown_1day');
end
$$;
comment on function ${schema}.range_tables() is 'The tables whose rows the job writes again when it reads a range again';

create or replace function ${schema}.range_rows(since date, until date, site int default null)
returns table (relation text, row_count bigint)
language plpgsql stable set timezone = 'UTC' set datestyle = 'ISO' as $$  -- times travel to Citus's workers as text
begin
  for relation in select * from ${schema}.range_tables() loop
    execute format('select count(*) from ${schema}.%I where bucket >= $1 and bucket < $2 and ($3 is null or site_id = $3)', relation)
      into row_count
      using since::timestamp at time zone 'UTC', until::timestamp at time zone 'UTC', site;
    return next;
  end loop;
end
$$;
comment on function ${schema}.range_rows(date, date, int) is
  'How many rows each table of requests has of the UTC days from since up to, without, until; of one site or of all';

create or replace function ${schema}.check_closed_days(
  since date, until date, settle interval default '1 hour', moment timestamptz default now())
returns void
language plpgsql stable set datestyle = 'ISO' as $$
begin
  if not coalesce(since < until and isfinite(since) and isfinite(until), false) then
    raise exception 'a range needs a first day and a later day, not % and %', since, until using errcode = '22023';
  end if;
  if not coalesce(settle >= interval '0' and until::timestamp at time zone 'UTC' + settle <= moment, false) then
    raise exception 'rows of % may still be written: a day is closed % after its end', until - 1, settle using errcode = '55000';
  end if;
end
$$;
comment on function ${schema}.check_closed_days(date, date, interval, timestamptz) is
  'Fails unless the UTC days from since up to, without, until are over';

create or replace function ${schema}.check_kept(first timestamptz, moment timestamptz) returns void
language plpgsql stable set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  gone record;
begin
  select table_name, keep into gone
  from ${schema}.retention_policy join ${schema}.traffic_table using (table_name)
  where late_of is null and date_trunc(partition_span, first) + ('1 ' || partition_span)::interval <= moment - keep
  limit 1;
  if found then
    raise exception 'rows of % could not be written again: % keeps %; raise its keep in retention_policy first, or rebuild',
      first::date, gone.table_name, gone.keep using errcode = '55000';
  end if;
end
$$;
comment on function ${schema}.check_kept(timestamptz, timestamptz) is
  'Fails if a table of traffic no longer keeps rows of this time; late ones are not written again';

create or replace function ${schema}.reset_range(
  since date, until date, site int default null, settle interval default '1 hour', moment timestamptz default now())
returns table (relation text, row_count bigint)
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  first timestamptz := since::timestamp at time zone 'UTC';
  stop timestamptz := until::timestamp at time zone 'UTC';
  archived timestamptz;
begin
  perform ${schema}.check_closed_days(since, until, settle, moment);
  perform ${schema}.check_kept(first, moment);
  for relation in select * from ${schema}.range_tables() loop
    -- Archived partitions refuse DELETE.
    for archived in
      select p.lower_bound from ${schema}.partitions() as p
      where p.parent = reset_range.relation and p.is_archived and p.lower_bound < stop and first < p.upper_bound
    loop
      perform ${schema}.restore_partition(relation, archived);
    end loop;
    execute format('delete from ${schema}.%I where bucket >= $1 and bucket < $2 and ($3 is null or site_id = $3)', relation)
      using first, stop, site;
    get diagnostics row_count = row_count;
    return next;
  end loop;
end
$$;
comment on function ${schema}.reset_range(date, date, int, interval, timestamptz) is
  'Removes the rows of whole UTC days, of one site or of all, so that they can be read again; returns how many of each table';
revoke execute on function ${schema}.reset_range(date, date, int, interval, timestamptz) from public;
