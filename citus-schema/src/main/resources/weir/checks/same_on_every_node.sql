-- Compares what every node answers to a query, an object of names and what they are, with the coordinator's
-- answer.
with node as (
  select format('%s:%s', nodename, nodeport) as name, nodeid, result::jsonb as things
  from run_command_on_all_nodes($query$
${query}
  $query$) join pg_dist_node using (nodeid) where success
), here as (select (
${query}
) as things)
select format('%s on node %s', key, node.name), 'as on the coordinator',
       case when node.things -> key is null then 'none' when here.things -> key is null then 'one more' else 'another' end,
       case when here.things -> key is not null then 'select start_metadata_sync_to_all_nodes()'
            else 'drop it on that node, after: set citus.enable_ddl_propagation = off' end
from node cross join here
cross join lateral (select jsonb_object_keys(node.things || here.things) as key) as keys
where node.things -> key is distinct from here.things -> key
order by key, nodeid
