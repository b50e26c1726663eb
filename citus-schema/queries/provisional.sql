-- title: Final or not
-- description: Final: no more requests are expected. Provisional: still counting. Not whole: the job began to read in the middle of it, so requests before are missing. Empty: there are no rows.
-- unit: none
-- A state lasts until the next one, so an empty one follows where rows end.
select point.time as time, point.state
from (
  select bucket, case when is_final then 'final' when is_whole then 'provisional' else 'not whole' end as state,
         bucket + extract(epoch from grain::interval) * interval '1 second' as ends,
         lead(bucket) over (order by bucket) as next
  from $schema.traffic_counts(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)) as counts
cross join lateral (values (bucket, state), (ends, null)) as point (time, state)
where point.state is not null or next is distinct from ends
order by time
