-- title: Bytes sent
-- description: Bytes of the responses by minute, hour or day.
-- unit: bytes
select bucket as time, bytes_sum as bytes
from $schema.traffic_counts(nullif($site, -1), $__timeFrom(), $__timeTo(), $points)
order by time
