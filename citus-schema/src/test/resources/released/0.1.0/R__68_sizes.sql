-- How large the store is and where its rows lie. Citus's catalogues are named in text only: they do not
-- parse where Citus is not.
create or replace function ${schema}.shard_sizes()
returns table (table_name text, node text, shard_count bigint, bytes bigint)
language plpgsql stable parallel restricted as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    return query execute $query$
      select coalesce(parent.relname, relation.relname)::text, shard.nodename || ':' || shard.nodeport,
             count(distinct (shard.shardid)), sum(shard.shard_size)::bigint
      from citus_shards as shard
      join pg_class as relation on relation.oid = shard.table_name
      left join pg_inherits on inhrelid = relation.oid
      left join pg_class as parent on parent.oid = inhparent
      where relation.relnamespace = '${schema}'::regnamespace and relation.relkind = 'r'
      group by 1, 2 order by 1, 2$query$;
  else
    return query
      select coalesce(parent.relname, relation.relname)::text, 'here', count(*), sum(pg_total_relation_size(relation.oid))::bigint
      from pg_class as relation
      left join pg_inherits on inhrelid = relation.oid
      left join pg_class as parent on parent.oid = inhparent
      where relation.relnamespace = '${schema}'::regnamespace and relation.relkind = 'r'
      group by 1, 2 order by 1, 2;
  end if;
end
$$;
comment on function ${schema}.shard_sizes() is
  'Tables by node with their number of shards (on plain PostgreSQL: of partitions) and their size on disk, indexes included';
revoke execute on function ${schema}.shard_sizes() from public;

create or replace function ${schema}.partitions_ahead(moment timestamptz)
returns table (table_name text, partition_count bigint, archived_count bigint, ready_until timestamptz, ahead bigint, wanted int)
language plpgsql stable parallel restricted as $$
begin
  return query
  select policy.table_name, count(part.relation), count(*) filter (where part.is_archived), max(part.upper_bound),
         count(*) filter (where part.lower_bound > moment), policy.partitions_ahead
  from ${schema}.retention_policy as policy
  left join ${schema}.partitions() as part on part.parent = policy.table_name
  group by policy.table_name, policy.partitions_ahead
  order by policy.table_name;
end
$$;
comment on function ${schema}.partitions_ahead(timestamptz) is
  'Partitions of each table, how many of them lie wholly in the future, and how many the policy wants there';
