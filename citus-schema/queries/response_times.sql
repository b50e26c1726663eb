-- title: Response times
-- description: Median, 95th and 99th percentile of the response times, each within 2.5 %. Requests that do not tell theirs are left out.
-- unit: ms
select bucket as time, p50_msec as p50, p95_msec as p95, p99_msec as p99
from $schema.traffic(nullif($site, 0), $__timeFrom(), $__timeTo(), $points)
order by time
