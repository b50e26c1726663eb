-- Partitions that have been missing for longer than it takes maintain, which runs every few hours, to come by.
select 'partitions', format('%s missing, the first is %s', count(*), min(relation)),
       'The job cannot write rows of their times. ./weir maintain --every 10m, see docs/operations.md#partitions'
from ${schema}.maintenance_due() as due
join ${schema}.maintenance_due(moment => now() - interval '6 hours') as earlier
  using (action, relation)
where action = 'make'
having count(*) > 0
