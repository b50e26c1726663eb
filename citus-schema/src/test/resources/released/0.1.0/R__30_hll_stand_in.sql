-- The functions of postgresql-hll that Weir uses, for servers without the extension: same names,
-- same bytes, same estimates. Bytes: 11 8b 40 empty; 13 8b 40 then 16-bit words, the 11 bits of the
-- register's index and the 5 bits of its value, by index; 14 8b 40 then 2048 values of 5 bits.
do $do$
begin
  if to_regtype('${schema}.hll') is null then
    return;
  end if;

  create or replace function ${schema}.hll_send(sketch ${schema}.hll) returns bytea
  language sql immutable strict parallel safe as $$ select sketch::bytea $$;

  -- Sums 2^31 / 2^value exactly in integers. Eight registers are one number of 40 bits.
  create or replace function ${schema}.hll_cardinality(sketch ${schema}.hll) returns double precision
  language plpgsql immutable strict parallel safe as $$
  declare
    m constant int := 2048;
    range constant double precision := 2199023255552;  -- 2^41
    one constant bigint := 2147483648;  -- 2^31
    -- A copy in memory: a sketch kept out of line (TOAST) is otherwise fetched anew by every get_byte.
    bytes bytea := sketch || ''::bytea;
    filled int := 0;
    total bigint := 0;
    estimate double precision;
  begin
    if get_byte(bytes, 0) = 17 then
      return 0;
    elsif get_byte(bytes, 0) = 19 then
      filled := (length(bytes) - 3) / 2;
      for word in 0 .. filled - 1 loop
        total := total + (one >> (get_byte(bytes, 4 + 2 * word) & 31));
      end loop;
      total := total + one * (m - filled);
    else
      select sum((one >> (x & 31)::int) + (one >> (x >> 5 & 31)::int)
               + (one >> (x >> 10 & 31)::int) + (one >> (x >> 15 & 31)::int)
               + (one >> (x >> 20 & 31)::int) + (one >> (x >> 25 & 31)::int)
               + (one >> (x >> 30 & 31)::int) + (one >> (x >> 35 & 31)::int)),
             sum(bit_count(((x | (x >> 1) | (x >> 2) | (x >> 3) | (x >> 4)) & 35468117025)::bit(40)))  -- lowest bit of each register
      into total, filled
      from (select ('x' || encode(substring(bytes, 4 + 5 * i, 5), 'hex'))::bit(40)::bigint as x
            from generate_series(0, m / 8 - 1) as i offset 0) as eight;
    end if;
    estimate := 0.7213 / (1 + 1.079 / m) * m * m / (total / one::double precision);
    if filled < m and estimate < 2.5 * m then
      return m * ln(m / (m - filled)::double precision);
    elsif estimate >= range then
      return 'NaN';  -- as the extension answers
    elsif estimate > range / 30 then
      return -range * ln(1 - estimate / range);
    end if;
    return estimate;
  end
  $$;

  -- The filled registers of a sketch, as index * 32 + value.
  create or replace function ${schema}.hll_words(sketch bytea) returns setof int
  language plpgsql immutable strict parallel safe as $$
  begin
    if get_byte(sketch, 0) = 19 then
      return query
        select get_byte(sketch, 3 + 2 * word) << 8 | get_byte(sketch, 4 + 2 * word)
        from generate_series(0, (length(sketch) - 3) / 2 - 1) as word;
    elsif get_byte(sketch, 0) = 20 then
      return query
        select i * 256 + register * 32 + value
        from (select i, ('x' || encode(substring(sketch, 4 + 5 * i, 5), 'hex'))::bit(40)::bigint as x
              from generate_series(0, 255) as i offset 0) as eight,
             generate_series(0, 7) as register,
             lateral (select (x >> (35 - 5 * register) & 31)::int as value) as registers
        where value > 0;
    end if;
  end
  $$;

  -- Null parts are left out, as the extension does; the form is the one the extension would choose.
  create or replace function ${schema}.hll_union_final(parts bytea[]) returns ${schema}.hll
  language plpgsql immutable parallel safe as $$
  declare
    words int[];
  begin
    parts := array_remove(parts, null);
    if cardinality(parts) is null or cardinality(parts) = 0 then return null; end if;
    words := array(select max(word) from unnest(parts) as part, ${schema}.hll_words(part) as word group by word >> 5);
    if cardinality(words) = 0 and '\x118b40'::bytea = all (parts) then
      return '\x118b40'::bytea;
    elsif cardinality(words) <= 639 then
      return (select '\x138b40'::bytea || decode(coalesce(string_agg(lpad(to_hex(word), 4, '0'), '' order by word), ''), 'hex')
              from unnest(words) as word);
    end if;
    return (select '\x148b40'::bytea || decode(string_agg(lpad(to_hex(x), 10, '0'), '' order by i), 'hex')
            from (select i, sum(coalesce(word & 31, 0)::bigint << (35 - 5 * (index & 7)))::bigint as x
                  from (select index, index >> 3 as i from generate_series(0, 2047) as index) as registers
                  left join unnest(words) as word on word >> 5 = index
                  group by i) as eight);
  end
  $$;

  create or replace function ${schema}.hll_union(a ${schema}.hll, b ${schema}.hll) returns ${schema}.hll
  language sql immutable strict parallel safe as $$ select ${schema}.hll_union_final(array[a::bytea, b::bytea]) $$;

  create or replace aggregate ${schema}.hll_union_agg(${schema}.hll) (
    sfunc = array_append, stype = bytea[], combinefunc = array_cat,
    finalfunc = ${schema}.hll_union_final, parallel = safe);

  comment on function ${schema}.hll_send(${schema}.hll) is 'The bytes of a sketch';
  comment on function ${schema}.hll_cardinality(${schema}.hll) is 'Estimated number of distinct values';
  comment on function ${schema}.hll_words(bytea) is 'Part of the stand-in: the filled registers of a sketch';
  comment on function ${schema}.hll_union_final(bytea[]) is 'Part of the stand-in: last step of hll_union_agg';
  comment on function ${schema}.hll_union(${schema}.hll, ${schema}.hll) is 'Sketch of the values of both';
  comment on aggregate ${schema}.hll_union_agg(${schema}.hll) is 'Sketch of the values of all; null of none';
end
$do$;
