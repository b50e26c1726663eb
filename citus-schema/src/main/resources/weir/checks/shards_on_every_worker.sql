-- A worker that takes no shards does no work.
select format('node %s:%s', nodename, nodeport), 'shouldhaveshards', 'not',
       format('select citus_set_node_property(%L, %s, ''shouldhaveshards'', true)', nodename, nodeport)
from pg_dist_node where noderole = 'primary' and groupid <> 0 and not shouldhaveshards
order by nodeid
