-- Workers run functions, too. Types stand by their bare names, so that the nodes' search paths do not
-- matter.
select coalesce(jsonb_object_agg('function ' || name, definition), '{}') from (
  select format('%s(%s)', proname, (select string_agg(typname, ',' order by place)
                                    from unnest(proargtypes) with ordinality as argument (id, place)
                                    join pg_type on pg_type.oid = id)) as name,
         md5(concat_ws('|', prosrc, prokind, provolatile, proparallel, proisstrict, prosecdef, proconfig,
                       (select typname from pg_type where oid = prorettype), proretset, proargnames,
                       pg_get_expr(proargdefaults, 0),
                       (select concat_ws('|', agginitval,
                                         (select proname from pg_proc where oid = aggtransfn),
                                         (select proname from pg_proc where oid = aggcombinefn),
                                         (select proname from pg_proc where oid = aggfinalfn))
                        from pg_aggregate where aggfnoid = pg_proc.oid))) as definition
  from pg_proc join pg_namespace on pg_namespace.oid = pronamespace and nspname = '${schema}') as functions
