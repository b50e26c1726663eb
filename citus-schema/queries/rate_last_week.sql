-- title: Requests a minute, a week before
-- description: The same time seven days before, drawn over this one. Where its minutes are no longer kept it is told by the hour.
-- unit: reqpm
select bucket + interval '168 hours' as time,
       request_count / case grain when '1min' then 1.0 when '1hour' then 60 else 1440 end as last_week
from $schema.traffic_counts(nullif($site, 0), $__timeFrom()::timestamptz - interval '168 hours',
                     $__timeTo()::timestamptz - interval '168 hours', $points)
order by time
