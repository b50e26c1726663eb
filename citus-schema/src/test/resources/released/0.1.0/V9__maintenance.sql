-- What maintenance did, and what excludes two callers from the same work. On Citus both tables stay on the
-- coordinator, where it runs.
create table ${schema}.maintenance_log (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default clock_timestamp(),
  action   text        not null,
  relation text        not null,
  message  text        not null,
  constraint action_is_known check (action in ('make', 'drop', 'archive', 'restore', 'purge', 'wait'))
);
comment on table ${schema}.maintenance_log is 'What maintenance did, oldest first by id';
comment on column ${schema}.maintenance_log.id is 'Grows with every entry';
comment on column ${schema}.maintenance_log.at is 'When it was done';
comment on column ${schema}.maintenance_log.action is
  'make, drop or archive a partition, restore an archived one for a late row, purge sites that left the list, or wait for a lock that was not got';
comment on column ${schema}.maintenance_log.relation is 'The partition or table';
comment on column ${schema}.maintenance_log.message is 'Which times the partition holds, how much was purged, or why it waits';

create table ${schema}.mutex (
  name text primary key
);
comment on table ${schema}.mutex is 'Work that one caller does at a time: lock_mutex locks its row';
comment on column ${schema}.mutex.name is 'The work';

insert into ${schema}.mutex (name) values ('maintain');

-- Citus's columnar is an extension of its own, which "create extension citus" does not bring along.
-- IF NOT EXISTS would not do: on Citus it asks even then for the right to create extensions.
do $$
begin
  if exists (select from pg_extension where extname = 'citus')
     and exists (select from pg_available_extensions where name = 'citus_columnar' and installed_version is null) then
    begin
      create extension citus_columnar;
    exception when insufficient_privilege then
      raise warning '% may not create the extension citus_columnar: without it nothing is archived', current_user;
    end;
  end if;
end
$$;
