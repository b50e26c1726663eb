-- title: Requests
-- description: Requests and failed requests by minute, hour or day, whichever suits the time range. The newest points still grow.
-- unit: short
select bucket as time, request_count as requests, error_count as errors
from $schema.traffic_counts(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)
order by time
