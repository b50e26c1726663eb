-- title: Alert: partitions running out
-- description: Partitions ahead of now as a fraction of what the policy wants, by table.
-- unit: percentunit
select table_name as relation, ahead::double precision / wanted as value
from weir.partitions_ahead(now())
order by table_name
