-- title: Error rate
-- description: Failed requests as a fraction of all, by minute, hour or day.
-- unit: percentunit
select bucket as time, error_rate
from $schema.traffic(nullif($site, 0), $__timeFrom(), $__timeTo(), $points)
order by time
