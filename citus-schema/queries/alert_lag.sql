-- title: Alert: lag
-- description: From the end of the newest minute of the last day to now.
-- unit: s
select greatest(extract(epoch from now() - max(bucket) - interval '1 minute'), 0)::double precision as value
from weir.traffic_1min_parts
where not is_late and bucket >= now() - interval '1 day'
having count(*) > 0
