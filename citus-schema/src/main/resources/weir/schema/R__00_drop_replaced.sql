-- Whenever a repeatable script has changed, all of them run, in one transaction, and this one first: it drops their
-- views and functions, so that they can change in any way. CREATE OR REPLACE would refuse another result type and a
-- column in the middle, and leave a function beside one that has another parameter. What something else depends on, a
-- table or a view of somebody's own, stays and is replaced in place. What migrations call stays, too: no repeatable
-- script makes it. So does what has no comment: all of Weir's have one, so it is somebody's own. Owners and grants
-- wait in a setting for R__99_restore_grants.sql: a temporary table needs a right.
do $$
declare
  dropped jsonb;
  views text;
  routines text;
begin
  with recursive candidate as (
    select 'pg_class'::regclass as class, oid as object, 'table' as kind, relname::text as name, oid::regclass::text as identity,
           pg_get_userbyid(relowner) as owner, relacl as acl,
           (select jsonb_object_agg(attname, attacl) from pg_attribute where attrelid = pg_class.oid and attacl is not null) as columns
    from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v' and obj_description(oid, 'pg_class') is not null
    union all
    select 'pg_proc'::regclass, oid, 'routine', proname, oid::regprocedure::text, pg_get_userbyid(proowner), proacl, null
    from pg_proc
    where pronamespace = '${schema}'::regnamespace
      and obj_description(oid, 'pg_proc') not like 'For migrations: %'
  ), dependency as (
    -- A view depends by its rule; the type of its rows stands for it.
    select case when view is null then classid else 'pg_class'::regclass end as class, coalesce(view, objid) as object,
           case when row_of is null then refclassid else 'pg_class'::regclass end as on_class, coalesce(row_of, refobjid) as on_object
    from pg_depend
    left join (select oid as rule, ev_class as view from pg_rewrite) as rewrite
      on classid = 'pg_rewrite'::regclass and objid = rule
    left join (select oid as type, typrelid as row_of from pg_type where typrelid > 0) as row_type
      on refclassid = 'pg_type'::regclass and refobjid = type
    where deptype <> 'i'
  ), kept as (
    select candidate.class, candidate.object
    from candidate
    join dependency on (on_class, on_object) = (candidate.class, candidate.object)
    where (dependency.class, dependency.object) not in (select class, object from candidate)
    union
    select candidate.class, candidate.object
    from candidate
    join pg_depend on (classid, objid) = (candidate.class, candidate.object) and deptype = 'e'  -- a part of an extension
    union
    select candidate.class, candidate.object
    from kept
    join dependency on (dependency.class, dependency.object) = (kept.class, kept.object)
    join candidate on (on_class, on_object) = (candidate.class, candidate.object)
  )
  select coalesce(jsonb_agg(to_jsonb(candidate)), '[]'),
         string_agg(identity, ', ') filter (where kind = 'table'), string_agg(identity, ', ') filter (where kind = 'routine')
  into dropped, views, routines
  from candidate where (class, object) not in (select class, object from kept);

  perform set_config('weir.dropped', dropped::text, true);
  if views is not null then execute 'drop view ' || views; end if;
  if routines is not null then execute 'drop routine ' || routines; end if;
end
$$;
