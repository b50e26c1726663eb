-- Whenever a repeatable script has changed, all of them run, in one transaction, and this one first: it drops their
-- views and functions, so that they can change in any way. CREATE OR REPLACE would refuse another result type and a
-- column in the middle, and leave a function beside one that has another parameter. What something else depends on, a
-- table or a view of somebody's own, stays and is replaced in place. What migrations call stays, too: no repeatable
-- script makes it.
create temp table replaced on commit drop as
with recursive candidate as (
  select 'pg_class'::regclass as class, oid as object, relname::text as name, relowner as owner, relacl as acl, 'table' as kind,
         format('%s', oid::regclass) as identity
  from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v'
  union all
  select 'pg_proc'::regclass, oid, proname, proowner, proacl, 'routine', format('%s', oid::regprocedure)
  from pg_proc
  where pronamespace = '${schema}'::regnamespace
    and coalesce(obj_description(oid, 'pg_proc'), '') not like 'For migrations: %'
), dependency as (
  -- A rule is a part of its view, and the type of a row, too.
  select coalesce(case classid when 'pg_rewrite'::regclass then 'pg_class'::regclass when 'pg_type'::regclass then 'pg_class'::regclass end, classid) as class,
         coalesce((select ev_class from pg_rewrite where classid = 'pg_rewrite'::regclass and oid = objid),
                  (select nullif(typrelid, 0) from pg_type where classid = 'pg_type'::regclass and oid = objid),
                  (select nullif(array_type.typrelid, 0) from pg_type join pg_type as array_type on array_type.oid = pg_type.typelem
                   where classid = 'pg_type'::regclass and pg_type.oid = objid), objid) as object,
         coalesce(case refclassid when 'pg_type'::regclass then 'pg_class'::regclass end, refclassid) as on_class,
         coalesce((select nullif(typrelid, 0) from pg_type where refclassid = 'pg_type'::regclass and oid = refobjid), refobjid) as on_object
  from pg_depend
  where deptype in ('n', 'a', 'e')
), kept as (
  select class, object from candidate
  where exists (select from dependency
                where (on_class, on_object) = (candidate.class, candidate.object)
                  and (dependency.class, dependency.object) not in (select class, object from candidate))
     or (class, object) in (select classid, objid from pg_depend where deptype = 'e')
  union
  select candidate.class, candidate.object
  from kept
  join dependency on (dependency.class, dependency.object) = (kept.class, kept.object)
  join candidate on (on_class, on_object) = (candidate.class, candidate.object)
)
select * from candidate where (class, object) not in (select class, object from kept);

-- Rights on single columns of views.
create temp table replaced_column on commit drop as
select name, attname, attacl as acl
from replaced join pg_attribute on class = 'pg_class'::regclass and attrelid = object and attacl is not null;

do $$
declare
  views text := (select string_agg(identity, ', ') from replaced where kind = 'table');
  routines text := (select string_agg(identity, ', ') from replaced where kind = 'routine');
begin
  if views is not null then execute 'drop view ' || views; end if;
  if routines is not null then execute 'drop routine ' || routines; end if;
end
$$;
