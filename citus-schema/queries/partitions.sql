-- title: Partitions
-- description: Partitions of each table: how many there are, are archived and lie ahead, how many the policy wants ahead, and until when rows can be written.
-- unit: short
select table_name, partition_count as partitions, archived_count as archived, ahead, wanted, ready_until
from $schema.partitions_ahead(least(now(), $__timeTo()))
order by table_name
