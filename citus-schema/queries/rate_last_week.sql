-- title: Requests a minute, a week before
-- description: The same time seven days before, drawn over this one. Where its minutes are no longer kept it is drawn by the hour.
-- unit: reqpm
-- Lines join the points that they have, so one without a number follows where rows are missing.
select point.time + interval '168 hours' as time, point.last_week
from (
  select bucket, request_count / (extract(epoch from grain::interval) / 60) as requests,
         bucket + extract(epoch from grain::interval) * interval '1 second' as ends,
         lead(bucket) over (order by bucket) as next
  from $schema.traffic_counts(nullif($site, -1), $__timeFrom()::timestamptz - interval '168 hours',
                       $__timeTo()::timestamptz - interval '168 hours', $points)) as counts
cross join lateral (values (bucket, requests), (ends, null)) as point (time, last_week)
where point.time = bucket or next > ends
order by time
