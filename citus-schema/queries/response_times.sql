-- title: Response times
-- description: Median, 95th and 99th percentile of the response times, each within 2.5 %. Requests that do not tell theirs are left out.
-- unit: ms
select bucket as time, percentiles[1] as p50, percentiles[2] as p95, percentiles[3] as p99
from $schema.traffic_percentiles(nullif($site, 0), $__timeFrom(), $__timeTo(), $points, '{0.5, 0.95, 0.99}')
order by time
