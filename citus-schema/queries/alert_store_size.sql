-- title: Alert: size of the store
-- description: Size on disk of all tables of Weir on all nodes.
-- unit: bytes
select coalesce(sum(bytes), 0)::double precision as value
from weir.shard_sizes()
