-- In PL/pgSQL: a function in SQL would be inlined, and then Citus cannot plan the query that asks.
create or replace function ${schema}.traffic_table_columns()
returns table (table_name text, column_name text, type text)
language plpgsql stable as $$
begin
  return query
    select known.table_name, fixed.name, fixed.type || ' not null'
    from ${schema}.traffic_table as known
    cross join (values ('site_id', 'integer'), ('bucket', 'timestamp with time zone'), ('is_whole', 'boolean'),
                       ('is_final', 'boolean'), ('updated_at', 'timestamp with time zone')) as fixed (name, type)
    union all
    select known.table_name, measure.name,
           case when grain.finer is null then measure.type else measure.coarse_type end || case when is_nullable then '' else ' not null' end
    from ${schema}.traffic_table as known
    join ${schema}.grain on grain.name = known.grain
    cross join ${schema}.measure;
  -- What makes a key longer is the table's own.
  return query
    select known.table_name, attname::text, format_type(atttypid, atttypmod) || ' not null'
    from ${schema}.traffic_table as known
    join pg_attribute on attrelid = to_regclass('${schema}.' || known.table_name) and attname = any (key)
    where attname not in ('site_id', 'bucket');
end
$$;
comment on function ${schema}.traffic_table_columns() is 'The columns that the tables of traffic should have, by the definition of the measures';
