-- What maintain should have dropped or archived a day ago: its last run may have been just before it was due.
-- By their names partitions sort as by their times.
select 'partitions of ${schema}.' || parent, action || ' done a day ago',
       format('%s still due: %s', count(*), concat_ws(' to ', min(relation), nullif(max(relation), min(relation)))),
       'weir maintain, and again every ten minutes, see docs/operations.md#store-size'
from ${schema}.maintenance_due(moment => now() - interval '1 day')
where action <> 'make' group by parent, action order by parent, action
