-- What excludes two callers from the same work. On Citus it stays on the coordinator, where that runs.
create table ${schema}.mutex (
  name text primary key
);
comment on table ${schema}.mutex is 'Work that one caller does at a time: lock_mutex locks its row';
comment on column ${schema}.mutex.name is 'The work';

insert into ${schema}.mutex (name) values ('maintain');
