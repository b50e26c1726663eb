-- title: Status classes
-- description: Requests by the first digit of their status, by minute, hour or day.
-- unit: short
select bucket as time,
       $schema.status_class(status_counters, '2') as "2xx", $schema.status_class(status_counters, '3') as "3xx",
       $schema.status_class(status_counters, '4') as "4xx", $schema.status_class(status_counters, '5') as "5xx"
from $schema.traffic_status(nullif($site, 0), $__timeFrom(), $__timeTo(), $points)
order by time
