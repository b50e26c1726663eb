-- A change is a new version: what is not given stays. It holds from the first boundary that the old and
-- the new interval share at or after now, so that every job, today or in a replay, applies it to the
-- same elections. CHECKs refuse nonsense. Where it is called in a transaction that is left open, the
-- server ends that: committed long after its boundary, the version would change elections that were held.
create or replace function ${schema}.configure_election(
  election_window             interval default null,
  election_schedule_interval  interval default null,
  min_hits_threshold          bigint   default null,
  max_longterm_entries        int      default null,
  longterm_retention_period   interval default null,
  candidates_retention_period interval default null)
returns table (version int, holds_from timestamptz)
language plpgsql as $$
#variable_conflict use_variable
declare
  last ${schema}.top_site_config;
  step bigint;
begin
  perform set_config('idle_in_transaction_session_timeout', '1min', true);
  perform ${schema}.lock_mutex('configure_election');
  select * into strict last from ${schema}.top_site_config as config order by config.version desc limit 1;
  version := last.version + 1;
  step := lcm(extract(epoch from last.election_schedule_interval)::bigint,
              greatest(1, extract(epoch from coalesce(election_schedule_interval, last.election_schedule_interval))::bigint));
  holds_from := to_timestamp(ceil(extract(epoch from
    case when isfinite(last.holds_from) then greatest(last.holds_from, clock_timestamp()) else clock_timestamp() end) / step) * step);
  insert into ${schema}.top_site_config (version, holds_from, election_window, election_schedule_interval,
    min_hits_threshold, max_longterm_entries, longterm_retention_period, candidates_retention_period)
  values (version, holds_from,
          coalesce(election_window, last.election_window),
          coalesce(election_schedule_interval, last.election_schedule_interval),
          coalesce(min_hits_threshold, last.min_hits_threshold),
          coalesce(max_longterm_entries, last.max_longterm_entries),
          coalesce(longterm_retention_period, last.longterm_retention_period),
          coalesce(candidates_retention_period, last.candidates_retention_period));
  if candidates_retention_period is not null then
    update ${schema}.retention_policy set keep = candidates_retention_period where table_name = 'top_site_candidate';
  end if;
  return next;
end
$$;
comment on function ${schema}.configure_election(interval, interval, bigint, int, interval, interval) is
  'Changes settings of the election; returns the new version and the first election it holds for';
