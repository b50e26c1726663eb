-- title: Error rate
-- description: Failed requests as a fraction of all, by minute, hour or day.
-- unit: percentunit
select bucket as time, error_count::double precision / nullif(request_count, 0) as error_rate
from $schema.traffic_counts(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)
order by time
