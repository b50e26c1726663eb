-- title: Size of the store
-- description: Size on disk of all tables of Weir on all nodes, indexes and copies included, now.
-- unit: bytes
select coalesce(sum(bytes), 0)::bigint as bytes
from $schema.shard_sizes()
