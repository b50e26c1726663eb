-- title: Requests a minute, a week before
-- description: The same time seven days before, drawn over this one. Where its minutes are no longer kept it is told by the hour.
-- unit: reqpm
-- Lines join the points that they have, so one without a number follows where rows are missing.
select point.time + interval '168 hours' as time, point.last_week
from (
  select bucket, request_count / case grain when '1min' then 1.0 when '1hour' then 60 else 1440 end as requests,
         bucket + case grain when '1min' then interval '1 minute' when '1hour' then '1 hour' else '24 hours' end as ends,
         lead(bucket) over (order by bucket) as next
  from $schema.traffic_counts(nullif($site, 0), $__timeFrom()::timestamptz - interval '168 hours',
                       $__timeTo()::timestamptz - interval '168 hours', $points)) as counts
cross join lateral (values (bucket, requests), (ends, null)) as point (time, last_week)
where point.time = bucket or next > ends
order by time
