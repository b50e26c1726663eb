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

-- What jobs must know before it holds has to be committed soon: a transaction that has lasted for ten seconds is refused,
-- and one that is left open the server ends.
create or replace function ${schema}.lock_to_commit_soon(work text, subject text, remedy text) returns void
language plpgsql as $$
begin
  perform set_config('idle_in_transaction_session_timeout', '10s', true);
  perform set_config('statement_timeout', '10s', true);
  perform ${schema}.lock_mutex(work);
  if clock_timestamp() > transaction_timestamp() + interval '10 seconds' then
    raise exception '% must be committed within 10 seconds, but this transaction began at %: %', subject, transaction_timestamp(), remedy
      using errcode = '22023';
  end if;
end
$$;
comment on function ${schema}.lock_to_commit_soon(text, text, text) is
  'As lock_mutex, for a transaction that must be committed within 10 seconds; the texts say what is to be, and what to do otherwise';
