-- title: Requests a minute
-- description: Requests by the minutes of each point, so that points of an hour or a day compare with those of a minute. The newest point still grows.
-- unit: reqpm
select bucket as time, request_count / (extract(epoch from grain::interval) / 60) as now
from $schema.traffic_counts(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)
order by time
