-- The type of the visitor sketches. The extension if this server has it; otherwise a domain over
-- the same bytes, whose functions are in R__30_hll_stand_in.sql.
do $$
begin
  -- IF NOT EXISTS would not do: on Citus it asks even then for the right to create extensions.
  if exists (select from pg_extension where extname = 'hll') then
    return;
  elsif exists (select from pg_available_extensions where name = 'hll') then
    create extension hll schema public;
  else
    create domain ${schema}.hll as bytea
      constraint hll_is_of_2048_registers
        check (substring(value, 1, 3) in ('\x118b40'::bytea, '\x138b40'::bytea, '\x148b40'::bytea));
    comment on domain ${schema}.hll is
      'Stand-in for the type of postgresql-hll, for servers without it: the bytes of hll(11,5,0,1)';
  end if;
end
$$;
