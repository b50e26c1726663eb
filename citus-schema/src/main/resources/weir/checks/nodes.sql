-- Every node must be active, and able to answer for the cluster.
select format('node %s:%s', nodename, nodeport), 'active, with metadata in sync',
       concat_ws(', ', case when not isactive then 'not active' end,
                       case when not hasmetadata then 'no metadata' end,
                       case when not metadatasynced then 'metadata not in sync' end),
       format('select citus_activate_node(%L, %s)', nodename, nodeport)
from pg_dist_node
where noderole = 'primary' and not (isactive and hasmetadata and metadatasynced)
order by nodeid
