-- title: Final or not
-- description: Final: no more requests are expected. Provisional: still counting. Not whole: the job began to read in the middle of it, so requests before are missing.
-- unit: none
select bucket as time, case when is_final then 'final' when is_whole then 'provisional' else 'not whole' end as state
from $schema.traffic_counts(nullif($site, 0), $__timeFrom(), $__timeTo(), $points)
order by time
