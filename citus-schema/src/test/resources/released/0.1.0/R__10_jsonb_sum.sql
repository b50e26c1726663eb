-- Counters by key, {"BR": 12, "US": 3}. The parts are collected and summed once: several times
-- faster than adding them one after another. One part, as in a chart of one site, is its own sum.
create or replace function ${schema}.jsonb_sum_final(parts jsonb[]) returns jsonb
language plpgsql immutable parallel safe as $$
begin
  if cardinality(parts) = 1 then return coalesce(parts[1], '{}'); end if;
  return (
    select coalesce(jsonb_object_agg(key, total), '{}')
    from (select key, sum(value::bigint) as total
          from unnest(parts) as part, jsonb_each_text(part)
          group by key) as sums);
end
$$;
comment on function ${schema}.jsonb_sum_final(jsonb[]) is 'Last step of the aggregate jsonb_sum';

create or replace aggregate ${schema}.jsonb_sum(jsonb) (
  sfunc = array_append, stype = jsonb[], initcond = '{}', combinefunc = array_cat,
  finalfunc = ${schema}.jsonb_sum_final, parallel = safe);
comment on aggregate ${schema}.jsonb_sum(jsonb) is 'Sum of counters by key; {} of none';
