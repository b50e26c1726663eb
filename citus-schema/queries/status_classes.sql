-- title: Status classes
-- description: Requests by the first digit of their status, by minute, hour or day.
-- unit: short
select bucket as time, classes[2] as "2xx", classes[3] as "3xx", classes[4] as "4xx", classes[5] as "5xx"
from $schema.traffic_status(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)
order by time
