-- Only the coordinator knows all nodes, and workers must know it to have reference tables and metadata.
select 'this server', 'the coordinator', 'a worker', 'give the address of the coordinator'
from pg_dist_local_group where groupid <> 0
union all
select 'coordinator', 'known to the workers', 'no node of group 0',
       'select citus_set_coordinator_host(''its name'', 5432)'
where exists (select from pg_dist_node) and not exists (select from pg_dist_node where groupid = 0)
