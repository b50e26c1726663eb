-- title: Alert: no data
-- description: Requests of the last 15 minutes.
-- unit: short
select coalesce(sum(request_count), 0)::double precision as value
from weir.traffic_1min_parts
where not is_late and bucket >= now() - interval '15 minutes'
