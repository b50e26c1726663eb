-- title: Requests a minute
-- description: Requests by the minutes of each point, so that points of an hour or a day compare with those of a minute. The newest point still grows.
-- unit: reqpm
select bucket as time, request_count / case grain when '1min' then 1.0 when '1hour' then 60 else 1440 end as now
from $schema.traffic_counts(nullif($site, 0), $__timeFrom(), $__timeTo(), $points)
order by time
