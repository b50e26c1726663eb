-- title: Size by node
-- description: Size on disk of each table by node, indexes included, now. Without Citus there is one node, and partitions stand for shards.
-- unit: bytes
select table_name, node, shard_count as shards, bytes
from $schema.shard_sizes()
order by bytes desc, table_name, node
limit 200
