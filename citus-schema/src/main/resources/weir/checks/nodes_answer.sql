-- Rows of the sites on a node that does not answer wait until it does.
select format('node %s:%s', nodename, nodeport), 'an answer', split_part(result, chr(10), 1),
       'start it, or let the coordinator in (pg_hba.conf, pg_dist_authinfo); until then rows of its sites wait, see docs/operations.md#citus-worker'
from run_command_on_all_nodes('select 1') join pg_dist_node using (nodeid)
where not success order by nodeid
