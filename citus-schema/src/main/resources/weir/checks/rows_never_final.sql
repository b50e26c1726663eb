-- How far the job is in event time is what its newest final minute says. What is older than the settle time,
-- with half an hour of patience, should be final, too. Only the last day is looked at.
with job as (
  select max(bucket) - current_setting('weir.settle')::interval - interval '30 minutes' as settled
  from ${schema}.http_request_1min where is_final and bucket > now() - interval '1 day'
)
select 'http_request_1min',
       format('has %s row%s that never became final though newer ones did, the first of %s',
              count(*), case count(*) when 1 then '' else 's' end, min(bucket)),
       'A job that wrote them was lost: count their time again, see docs/operations.md#reset-range'
from ${schema}.http_request_1min
where is_whole and not is_final and bucket > now() - interval '1 day' and bucket < (select settled from job)
having count(*) > 0
