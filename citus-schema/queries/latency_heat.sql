-- title: Response times, heat map
-- description: Requests by response time. Each column is a minute, hour or day, each row holds the requests up to its number of milliseconds and beyond the row below.
-- unit: short
-- Grafana draws a column before its time, hence the end of the bucket.
select bucket + extract(epoch from grain::interval) * interval '1 second' as time,
       cells[1] as "1", cells[2] as "2.5", cells[3] as "5", cells[4] as "10", cells[5] as "25",
       cells[6] as "50", cells[7] as "100", cells[8] as "250", cells[9] as "500", cells[10] as "1000",
       cells[11] as "2500", cells[12] as "5000", cells[13] as "10000", cells[14] as "+Inf"
from $schema.traffic_cells(nullif($site, -1), $__timeFrom(), $__timeTo(), $points,
                           '{1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000}')
order by time
