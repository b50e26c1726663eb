-- Views of one's own. Each change is a new version, which holds from a full hour on: so every job, today or in a replay,
-- counts the same buckets by the same definition.

create or replace function ${schema}.last_version(name text) returns bigint
language plpgsql stable as $$
#variable_conflict use_variable
declare
  last ${schema}.view_definition;
begin
  select * into last from ${schema}.view_definition as known where known.name = name order by version desc limit 1;
  if last.state is null or last.state = 'removed' then
    raise exception 'there is no view %: weir view list shows those that exist, weir view add makes one', coalesce(quote_literal(name), 'null')
      using errcode = '42704';
  end if;
  return last.version;
end
$$;
comment on function ${schema}.last_version(text) is 'The newest version of the view that has this name; fails if there is none';

-- What the table's constraints say, in words. The filter's grammar is the job's; weir view add reads it before.
create or replace function ${schema}.check_view(name text, dimension text[], filter text, top_entries int, sites int[]) returns void
language plpgsql immutable as $$
declare
  wrong text;
begin
  if not coalesce(name ~ '^[a-z][a-z0-9_]{0,62}$', false) then
    raise exception '% cannot name a view: use up to 63 of a-z, 0-9 and _, a letter first', coalesce(quote_literal(name), 'null')
      using errcode = '22023';
  end if;
  if not coalesce(array_ndims(dimension) = 1 and cardinality(dimension) <= 2, false) then
    raise exception 'view % needs one dimension or two, not %', name, coalesce(dimension::text, 'null') using errcode = '22023';
  end if;
  select coalesce(quote_literal(each), 'null') into wrong from unnest(dimension) as each
  where not coalesce(each ~ '^(url_path|url|referrer_host|country|status|method|host|agent|bot|bot_purpose|browser|device|field:[A-Za-z0-9_.:-]{1,100})$', false) limit 1;
  if wrong is not null then
    raise exception 'view % cannot have the dimension %: use url_path, url, referrer_host, country, status, method, host, agent, bot, bot_purpose, browser, device, or field:NAME with up to 100 letters, digits, _ . : and -',
      name, wrong using errcode = '22023';
  end if;
  if 'field:ip_address' = any (dimension) then
    raise exception 'view % cannot have the dimension field:ip_address: addresses of clients are not stored', name using errcode = '22023';
  end if;
  if dimension[1] = dimension[2] then
    raise exception 'view % has the dimension % twice: name it once', name, dimension[1] using errcode = '22023';
  end if;
  if length(filter) not between 1 and 2000 then
    raise exception 'the filter of view % has % characters: give 1 to 2000, or none at all for every request', name, length(filter)
      using errcode = '22023';
  end if;
  if not coalesce(top_entries between 1 and 1000, false) then
    raise exception 'view % can list 1 to 1000 keys in a row, not %', name, coalesce(top_entries::text, 'null') using errcode = '22023';
  end if;
  if cardinality(sites) not between 1 and 1000 or array_position(sites, null) is not null or 0 > any (sites) then
    raise exception 'view % needs 1 to 1000 sites, each 0 or more, or null for all of them, not %', name,
      case when cardinality(sites) > 1000 then cardinality(sites) || ' of them' else sites::text end using errcode = '22023';
  end if;
end
$$;
comment on function ${schema}.check_view(text, text[], text, int, int[]) is 'Fails unless there can be such a view';

-- Jobs know a version ten minutes after it was made, so it holds from the first full hour that is at least as far away.
-- Where no job has read anything yet, it holds for whatever will be read.
create or replace function ${schema}.add_view_version(
  view_id int, name text, dimension text[], filter text, top_entries int, sites int[], state text, not_before timestamptz)
returns timestamptz
language plpgsql as $$
#variable_conflict use_variable
declare
  hour constant interval := '1 hour';
  holds_from timestamptz;
begin
  if not exists (select from ${schema}.intake_partition) then
    holds_from := coalesce(not_before, '-infinity');
  else
    holds_from := greatest(
      not_before, date_bin(hour, clock_timestamp() + interval '10 minutes' + hour - interval '1 microsecond', '1970-01-01Z'));
  end if;
  insert into ${schema}.view_definition (version, view_id, name, dimension, filter, top_entries, sites, state, holds_from)
  select coalesce(max(version), 0) + 1, coalesce(view_id, max(known.view_id) + 1, 1), name, dimension, filter, top_entries, sites,
         state, holds_from
  from ${schema}.view_definition as known;
  return holds_from;
end
$$;
comment on function ${schema}.add_view_version(int, text, text[], text, int, int[], text, timestamptz) is
  'Part of define_view, pause_view, resume_view and remove_view: makes a version, without a view_id of a new view, and returns from when on it holds';
revoke execute on function ${schema}.add_view_version(int, text, text[], text, int, int[], text, timestamptz) from public;

create or replace function ${schema}.define_view(
  name text, dimension text[], filter text default null, top_entries int default 100, sites int[] default null)
returns timestamptz
language plpgsql as $$
#variable_conflict use_variable
declare
  max_views constant int := 20;
  last ${schema}.view_definition;
begin
  perform ${schema}.check_view(name, dimension, filter, top_entries, sites);
  sites := (select array_agg(distinct site order by site) from unnest(sites) as site);
  perform ${schema}.lock_to_commit_soon('define_view', 'a view', 'make fewer changes in one');
  select * into last from ${schema}.view_definition as known where known.name = name order by version desc limit 1;
  if last.state is null or last.state = 'removed' then
    if (select count(*) from (select distinct on (view_id) state from ${schema}.view_definition order by view_id, version desc) as known
        where state <> 'removed') >= max_views then
      raise exception 'there are % views already: remove one first (weir view list shows them)', max_views using errcode = '55000';
    end if;
    return ${schema}.add_view_version(null, name, dimension, filter, top_entries, sites, 'active', null);
  elsif (last.dimension, last.filter) is distinct from (dimension, filter) then
    raise exception 'view % has the dimension % and %: these never change, so remove the view first, or choose another name', name,
      array_to_string(last.dimension, ','), coalesce('the filter ' || last.filter, 'no filter') using errcode = '42710';
  elsif (last.top_entries, last.sites) is not distinct from (top_entries, sites) then
    return last.holds_from;
  end if;
  return ${schema}.add_view_version(last.view_id, name, dimension, filter, top_entries, sites, last.state, last.holds_from);
end
$$;
comment on function ${schema}.define_view(text, text[], text, int, int[]) is
  'Makes a view, or changes how many keys it lists and of which sites, and returns from when on that holds: from a full hour on, or always where no job has read anything yet';
revoke execute on function ${schema}.define_view(text, text[], text, int, int[]) from public;

create or replace function ${schema}.define_view(
  name text, dimension text, filter text default null, top_entries int default 100, sites int[] default null)
returns timestamptz
language plpgsql as $$
begin
  return ${schema}.define_view(name, string_to_array(dimension, ','), filter, top_entries, sites);
end
$$;
comment on function ${schema}.define_view(text, text, text, int, int[]) is
  'The same with the dimensions as one text, with a comma between two';
revoke execute on function ${schema}.define_view(text, text, text, int, int[]) from public;

create or replace function ${schema}.change_view_state(name text, state text) returns timestamptz
language plpgsql as $$
#variable_conflict use_variable
declare
  last ${schema}.view_definition;
begin
  perform ${schema}.lock_mutex('define_view');
  select * into strict last from ${schema}.view_definition where version = ${schema}.last_version(change_view_state.name);
  if last.state = state then
    return last.holds_from;
  end if;
  return ${schema}.add_view_version(last.view_id, name, last.dimension, last.filter, last.top_entries, last.sites, state, last.holds_from);
end
$$;
comment on function ${schema}.change_view_state(text, text) is 'Part of pause_view, resume_view and remove_view';
revoke execute on function ${schema}.change_view_state(text, text) from public;

create or replace function ${schema}.pause_view(name text) returns timestamptz
language plpgsql as $$
begin
  perform ${schema}.lock_to_commit_soon('define_view', 'a view', 'make fewer changes in one');
  return ${schema}.change_view_state(name, 'paused');
end
$$;
comment on function ${schema}.pause_view(text) is 'Lets nothing be counted for a view, and returns from when on; its rows stay';
revoke execute on function ${schema}.pause_view(text) from public;

create or replace function ${schema}.resume_view(name text) returns timestamptz
language plpgsql as $$
begin
  perform ${schema}.lock_to_commit_soon('define_view', 'a view', 'make fewer changes in one');
  return ${schema}.change_view_state(name, 'active');
end
$$;
comment on function ${schema}.resume_view(text) is 'Lets a paused view be counted again, and returns from when on';
revoke execute on function ${schema}.resume_view(text) from public;

create or replace function ${schema}.id_of_view(name text) returns int
language plpgsql stable as $$
begin
  return (select view_id from ${schema}.view_definition where version = ${schema}.last_version(id_of_view.name));
end
$$;
comment on function ${schema}.id_of_view(text) is 'The number of the view that has this name; fails if there is none';

create or replace function ${schema}.view_rows(name text) returns table (table_name text, row_count bigint)
language plpgsql stable as $$
declare
  counted constant int := ${schema}.id_of_view(name);
begin
  foreach table_name in array array['breakdown_1hour', 'breakdown_1day'] loop
    execute format('select count(*) from ${schema}.%I where view_id = %L::int', table_name, counted) into row_count;
    return next;
  end loop;
end
$$;
comment on function ${schema}.view_rows(text) is 'How many rows of a view each table holds';

-- For readers it is gone at once. Rows first, since deleting can take longer than a version may wait for its commit. Jobs
-- count it until the version holds: what they write after the DELETE stays, unseen, until its partition is dropped.
create or replace function ${schema}.remove_view(name text) returns table (table_name text, row_count bigint)
language plpgsql as $$
declare
  removed constant int := ${schema}.id_of_view(name);
begin
  foreach table_name in array array['breakdown_1hour', 'breakdown_1day'] loop
    row_count := ${schema}.delete_rows(table_name, format('view_id = %L::int', removed));
    return next;
  end loop;
  perform ${schema}.change_view_state(name, 'removed');
end
$$;
comment on function ${schema}.remove_view(text) is
  'Removes a view and its rows, and returns how many each table had; another view can then have the name';
revoke execute on function ${schema}.remove_view(text) from public;

create or replace function ${schema}.views()
returns table (
  name text, view_id int, dimension text[], filter text, top_entries int, sites int[], state text, holds_from timestamptz,
  next_top_entries int, next_sites int[], next_state text, next_holds_from timestamptz, newest_hour timestamptz)
language plpgsql stable parallel restricted as $$
#variable_conflict use_column
declare
  -- By itself: Citus does not join every kind of table with every other.
  newest constant jsonb := (
    select jsonb_object_agg(view_id, hour)
    from (select view_id, max(bucket) as hour from ${schema}.breakdown_1hour where bucket > now() - interval '2 days' group by view_id) as found);
begin
  return query
    with last as (
      select distinct on (view_id) * from ${schema}.view_definition order by view_id, version desc
    ), current as (
      select distinct on (view_id) * from ${schema}.view_definition where holds_from <= now() order by view_id, version desc
    )
    select last.name, last.view_id, last.dimension, last.filter, current.top_entries, current.sites, current.state, current.holds_from,
           coming.top_entries, coming.sites, coming.state, coming.holds_from, (newest ->> last.view_id::text)::timestamptz
    from last
    left join current using (view_id)
    left join last as coming on coming.view_id = last.view_id and coming.version is distinct from current.version
    where last.state <> 'removed'
    order by last.name;
end
$$;
comment on function ${schema}.views() is
  'The views: what holds now, null for one that does not yet, what its newest version, if that is to come, will be, and the newest hour of the last two days that has a row';
