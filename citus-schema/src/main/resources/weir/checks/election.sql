-- The last boundary that the job has certainly passed, by its newest final minute and half an hour of patience,
-- should have had its election if the store has all minutes of its window.
with job as (
  select max(bucket) - current_setting('weir.settle')::interval - interval '30 minutes' as settled, min(bucket) as oldest
  from ${schema}.http_request_1min where is_final and bucket > now() - interval '1 day'
  having count(*) > 0
), config as (
  select election_schedule_interval, election_window
  from ${schema}.top_site_config where holds_from <= now() order by version desc limit 1
), held as (
  select max(election) as last from ${schema}.top_site_election
)
select 'election', 'has no settings that hold', 'select ${schema}.configure_election(...): see docs/operations.md#election'
from job where not exists (select 1 from config)
union all
select 'election', format('of %s is overdue, the last one held is %s', due, coalesce(last::text, 'none')),
       'See docs/operations.md#election'
from job cross join config cross join held
cross join lateral (select date_bin(election_schedule_interval, settled, 'epoch') as due) as boundary
where due - election_window >= oldest and (last is null or last < due)
