-- title: Unique visitors
-- description: Client addresses by minute, hour or day, estimated with a standard error of 2.3 %. They do not add up: a visitor of two minutes counts in both.
-- unit: short
select bucket as time, round(unique_visitors) as unique_visitors
from $schema.traffic_visitors(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)
order by time
