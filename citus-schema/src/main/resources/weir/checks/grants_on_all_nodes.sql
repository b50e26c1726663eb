-- A right that one node lacks fails only for the sites on that node.
select coalesce(jsonb_object_agg('grants on ' || relname, grants), '{}') from (
  select relname, (select string_agg(format('%s %s', case grantee when 0 then 'public' else pg_get_userbyid(grantee) end, privilege_type), ', '
                                     order by pg_get_userbyid(grantee)::text collate "C", privilege_type)
                   from aclexplode(relacl) where grantee <> relowner) as grants
  from pg_dist_partition join pg_class on pg_class.oid = logicalrelid
  join pg_namespace on pg_namespace.oid = relnamespace and nspname = '${schema}') as tables
