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

select ${schema}.copy_to_every_node('site');
