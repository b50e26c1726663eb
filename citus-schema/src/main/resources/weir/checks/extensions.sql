-- Nodes of different versions merge sketches differently, or not at all.
select format('node %s:%s', nodename, nodeport), here.versions, coalesce(nullif(result, ''), 'neither'),
       'install the same packages on every node, then: alter extension citus update'
from run_command_on_all_nodes($query$
  select string_agg(extname || ' ' || extversion, ', ' order by extname)
  from pg_extension where extname in ('citus', 'hll')
$query$) join pg_dist_node using (nodeid),
(select string_agg(extname || ' ' || extversion, ', ' order by extname) as versions
 from pg_extension where extname in ('citus', 'hll')) as here
where success and result is distinct from here.versions order by nodeid
