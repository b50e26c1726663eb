-- title: Maintenance
-- description: What maintenance did in the time range, newest first: partitions made, dropped, archived or restored, sites purged, and waits for a lock.
-- unit: none
select at, action, relation, message
from $schema.maintenance_log
where $__timeFilter(at)
order by at desc, id desc
limit 200
