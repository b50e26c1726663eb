-- Mutual exclusion by locks on rows, since only who may write a table can lock its rows. Advisory locks
-- have no rights: whoever may log in can hold them for ever. Nor would LOCK TABLE do: PREPARE of an
-- UPDATE locks a table before anyone asks whether its caller may update it, and autovacuum locks it too.
create or replace function ${schema}.lock_mutex(work text) returns void
language plpgsql as $$
begin
  insert into ${schema}.mutex (name) values (work) on conflict do nothing;
  perform from ${schema}.mutex where name = work for update;
end
$$;
comment on function ${schema}.lock_mutex(text) is
  'Waits until no other transaction does this work, and keeps others from it until the transaction''s end';

create or replace function ${schema}.try_lock_mutex(work text) returns boolean
language plpgsql as $$
begin
  insert into ${schema}.mutex (name) values (work) on conflict do nothing;
  perform from ${schema}.mutex where name = work for update skip locked;
  return found;
end
$$;
comment on function ${schema}.try_lock_mutex(text) is 'As lock_mutex, but false at once when another transaction does the work';
