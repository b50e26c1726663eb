-- The keys of a view with the most requests, over any range of full hours. As in R__60_ranges.sql the statements are made as
-- text with the bounds in them, and run with the caller's rights and row security.

-- Days that are over where they are whole, hours at the ends. The row of today lags behind its hours.
create or replace function ${schema}.breakdown_pieces(since timestamptz, until timestamptz)
returns table (grain text, starts_at timestamptz, ends_at timestamptz)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  day constant interval := '1 day';
  -- Added before cutting, it turns rounding down into rounding up.
  almost constant interval := '-1 microsecond';
  kept_hours timestamptz;
  kept_days timestamptz;
  first timestamptz := since;
  last timestamptz := until;
  first_day timestamptz;
  last_day timestamptz;
begin
  select coalesce(max(now() - keep) filter (where table_name = 'breakdown_1hour'), '-infinity'),
         coalesce(max(now() - keep) filter (where table_name = 'breakdown_1day'), '-infinity')
  into kept_hours, kept_days
  from ${schema}.retention_policy;

  -- Where hours are not kept an end goes outwards.
  if first < kept_hours then first := date_trunc('day', first); end if;
  if greatest(first, date_trunc('day', last)) < kept_hours then last := date_trunc('day', last + day + almost); end if;

  first_day := date_trunc('day', greatest(first, kept_days) + day + almost);
  last_day := date_trunc('day', last);
  if date_trunc('day', now()) >= kept_hours then last_day := least(last_day, date_trunc('day', now())); end if;
  if first_day >= last_day then
    first_day := null;
    last_day := null;
  end if;
  first := greatest(first, date_trunc('hour', kept_hours + interval '1 hour' + almost));
  -- least and greatest pass over what is null; a comparison with null keeps nothing.
  return query
    select piece.grain, piece.starts_at, piece.ends_at
    from (values
      ('1hour', first, least(last, first_day)),
      ('1day', first_day, last_day),
      ('1hour', case when last_day is not null then greatest(first, last_day) end, last)) as piece (grain, starts_at, ends_at)
    where piece.starts_at < piece.ends_at;
end
$$;
comment on function ${schema}.breakdown_pieces(timestamptz, timestamptz) is
  'What the numbers of a view are made of in a range of full hours: days that are over, and hours at the ends; where hours are not kept an end goes outwards to a day';

-- The totals of a row come as its entry 0, so that one query has both: then entries and the rest add up to the totals. The
-- arrays are taken apart side by side, in SELECT: there Citus leaves it to the shards.
create or replace function ${schema}.breakdown_query(of_view int, site int, since timestamptz, until timestamptz) returns text
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
declare
  part constant text := $part$
    select site_id, generate_series(0, cardinality(keys)) as place, unnest(null::text || keys) as key,
           unnest(null::text || second_keys) as second_key, unnest(request_count || request_counts) as requests,
           unnest(0::bigint || missed_counts) as missed, unnest(error_count || error_counts) as errors,
           unnest(bytes_sum || bytes_sums) as bytes, unnest(timed_count || timed_counts) as timed,
           unnest(response_time_sum_usec || response_time_sums_usec) as usec, unlisted_max, is_whole
    from ${schema}.breakdown_%s where view_id = %s and %s$part$;
begin
  return format($query$
    select place = 0, key, second_key, sum(requests), sum(missed), sum(errors), sum(bytes), sum(timed), sum(usec), sum(unlisted_max),
           bool_and(is_whole)
    from (%s) as entry group by 1, 2, 3$query$,
    coalesce(
      (select string_agg(format(part, grain, of_view, format('bucket >= %L and bucket < %L', starts_at, ends_at)
                                                      || coalesce(' and site_id = ' || site, '')), ' union all ')
       from ${schema}.breakdown_pieces(since, until)),
      format(part, '1day', of_view, 'false')));
end
$$;
comment on function ${schema}.breakdown_query(int, int, timestamptz, timestamptz) is
  'Part of top: the text of a query for the sums of all keys that are listed in a range, and for its totals, of one site or, without a site, of all';

create or replace function ${schema}.breakdown_sums(query text)
returns table (
  is_total boolean, key text, second_key text, requests numeric, missed numeric, errors numeric, bytes numeric, timed numeric,
  usec numeric, unlisted_max numeric, is_whole boolean)
language plpgsql stable parallel restricted as $$ begin return query execute query; end $$;
comment on function ${schema}.breakdown_sums(text) is 'Part of top: the rows of its query';

-- Runs as the owner: a definition names sites, which are not a tenant's to know. Nor does it learn whether a view is for a
-- site that it does not see. Another function's rights may be at work here, so the caller is who logged in, or SET ROLE.
create or replace function ${schema}.find_view(
  view text, site int, since timestamptz, until timestamptz, out view_id int, out is_covered boolean)
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  caller constant name := coalesce(nullif(current_setting('role'), 'none'), session_user);
  asked int[] := case when site is not null then array[site] end;
  visible int[];
begin
  view_id := ${schema}.id_of_view(view);
  if not pg_has_role(caller, 'weir_reader', 'usage') and not pg_has_role(caller, 'weir_writer', 'usage')
     and not pg_has_role(caller, current_user, 'usage') then
    visible := array(select unnest(sites) from ${schema}.tenants() where pg_has_role(caller, tenant, 'usage'));
    asked := coalesce(asked, visible);
  end if;
  select asked <@ coalesce(visible, asked) is not false
         and coalesce(sum(least(holds_until, until) - greatest(holds_from, since)), interval '0') = until - since
         and (asked is not null or count(distinct coalesce(sites, '{}')) = 1)
  into is_covered
  from (select holds_from, coalesce(lead(holds_from) over (order by version), 'infinity') as holds_until, state, sites
        from ${schema}.view_definition as known where known.view_id = find_view.view_id) as version
  where state = 'active' and holds_from < until and since < holds_until and holds_from < holds_until
    and (sites is null or asked is null or asked <@ sites);
end
$$;
comment on function ${schema}.find_view(text, int, timestamptz, timestamptz) is
  'Part of top: the view that has this name, and whether it is counted for a site, or for the same sites, during all of a range; fails if there is none';

create or replace function ${schema}.top(view text, site int, from_time timestamptz, to_time timestamptz, n int default 10)
returns table (
  rank int, key text, second_key text, request_count bigint, at_most_count bigint, error_count bigint, bytes_sum bigint,
  average_response_time_msec double precision, share double precision, is_other boolean, is_whole boolean)
language plpgsql stable parallel restricted set timezone = 'UTC' as $$
#variable_conflict use_column
declare
  max_keys constant int := 1000;
  max_sum constant bigint := 9223372036854775807;  -- where sums stop, as those of rows do
  found_view record;
  first timestamptz;
  last timestamptz;
  is_kept boolean;
begin
  perform ${schema}.check_range(from_time, to_time);
  if extract(epoch from from_time) % 3600 <> 0 or extract(epoch from to_time) % 3600 <> 0 then
    raise exception 'views are counted by UTC hour, and % to % are not full ones: use % to %', from_time, to_time,
      date_bin('1 hour', from_time, '1970-01-01Z'), date_bin('1 hour', to_time + interval '1 hour - 1 microsecond', '1970-01-01Z')
      using errcode = '22023';
  end if;
  if not coalesce(n between 1 and max_keys, false) then
    raise exception 'top shows 1 to % keys, not %', max_keys, coalesce(n::text, 'null') using errcode = '22023';
  end if;
  select coalesce(min(starts_at), from_time), coalesce(max(ends_at), to_time),
         coalesce(min(starts_at) <= from_time and sum(ends_at - starts_at) = max(ends_at) - min(starts_at), from_time >= to_time)
  into first, last, is_kept
  from ${schema}.breakdown_pieces(from_time, to_time);
  found_view := ${schema}.find_view(view, site, first, last);
  return query
    with sums as materialized (
      select * from ${schema}.breakdown_sums(${schema}.breakdown_query(found_view.view_id, site, from_time, to_time))
    ), total as (
      select coalesce(sum(requests), 0) as requests, coalesce(sum(errors), 0) as errors, coalesce(sum(bytes), 0) as bytes,
             coalesce(sum(timed), 0) as timed, coalesce(sum(usec), 0) as usec, coalesce(sum(unlisted_max), 0) as unlisted_max,
             coalesce(bool_and(is_whole), true) and is_kept and found_view.is_covered as is_whole
      from sums where is_total
    ), entry as (
      -- In a row that does not list the key it has at most unlisted_max requests.
      select sums.*, least(sums.requests + coalesce(missed, 0) + total.unlisted_max - sums.unlisted_max, total.requests) as at_most
      from sums cross join total where not is_total
    ), shown as (
      select row_number() over (order by requests desc, at_most desc, key collate "C", second_key collate "C") as rank,
             key, second_key, requests, at_most, errors, bytes, timed, usec
      from entry order by 1 limit n
    ), line as (
      select * from shown
      union all
      select null, null, null, total.requests - coalesce(sum(shown.requests), 0), total.requests - coalesce(sum(shown.requests), 0),
             total.errors - coalesce(sum(shown.errors), 0), total.bytes - coalesce(sum(shown.bytes), 0),
             total.timed - coalesce(sum(shown.timed), 0), total.usec - coalesce(sum(shown.usec), 0)
      from total left join shown on true
      group by total.requests, total.errors, total.bytes, total.timed, total.usec
    )
    select line.rank::int, line.key, line.second_key, line.requests::bigint, line.at_most::bigint, line.errors::bigint,
           least(line.bytes, max_sum)::bigint, (line.usec / nullif(line.timed, 0) / 1000)::double precision,
           (line.requests / nullif(total.requests, 0))::double precision, line.rank is null, total.is_whole
    from line cross join total order by line.rank;
end
$$;
comment on function ${schema}.top(text, int, timestamptz, timestamptz, int) is
  'The n keys of a view with the most requests from from_time until just before to_time, each with at least request_count and at most at_most_count requests, and last a row of everything else; of one site or, with null, of all sites together';
