-- title: Response times
-- description: Median, 95th and 99th percentile of the response times, each within 2.5 %. Requests without one are left out. The line breaks where there are no rows.
-- unit: ms
-- Lines join the points that they have, so one without numbers follows where rows are missing.
select point.time as time, percentiles[1] as p50, percentiles[2] as p95, percentiles[3] as p99
from (
  select bucket, percentiles as numbers,
         bucket + extract(epoch from grain::interval) * interval '1 second' as ends,
         lead(bucket) over (order by bucket) as next
  from $schema.traffic_percentiles(nullif($site, -1), $__timeFrom(), $__timeTo(), $points, '{0.5, 0.95, 0.99}')) as parts
cross join lateral (values (bucket, numbers), (ends, null)) as point (time, percentiles)
where point.time = bucket or next > ends
order by time
