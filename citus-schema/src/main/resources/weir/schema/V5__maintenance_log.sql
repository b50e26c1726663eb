-- What maintain did. On Citus it stays on the coordinator, where maintain runs.
create table ${schema}.maintenance_log (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default clock_timestamp(),
  action   text        not null check (action in ('make', 'drop', 'wait')),
  relation text        not null,
  message  text        not null
);
comment on table ${schema}.maintenance_log is 'What the procedure maintain did, oldest first by id';
comment on column ${schema}.maintenance_log.id is 'Grows with every entry';
comment on column ${schema}.maintenance_log.at is 'When it was done';
comment on column ${schema}.maintenance_log.action is 'make or drop a partition, or wait for a lock that was not got';
comment on column ${schema}.maintenance_log.relation is 'The partition';
comment on column ${schema}.maintenance_log.message is 'Which times the partition holds, or why it waits';
