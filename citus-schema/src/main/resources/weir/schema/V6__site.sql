-- Names of sites. Rows are counted for every site_id, whether it has a name or not.
create table ${schema}.site (
  site_id int primary key,
  domain  text collate "C" not null unique,
  constraint site_id_is_positive check (site_id > 0),
  constraint domain_is_normalised check (
    domain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'),
  constraint domain_is_not_too_long check (length(domain) <= 253)
);
comment on table ${schema}.site is 'The sites that have a name';
comment on column ${schema}.site.site_id is 'The site, as in the tables of requests';
comment on column ${schema}.site.domain is
  'Its domain in lower case, international names in ASCII (xn--), without a dot at the end';

-- The planner's statistics hold samples of all rows, and EXPLAIN answers from them to whoever may read
-- a few rows only.
alter table ${schema}.site alter site_id set statistics 0, alter domain set statistics 0;

-- Two IFs: an expression that names pg_dist_partition does not parse where Citus is not.
do $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    if not exists (select from pg_dist_partition where logicalrelid = '${schema}.site'::regclass) then
      perform create_reference_table('${schema}.site');
    end if;
  end if;
end
$$;
