-- Hosts of sites: an event may name its host instead of its site. Sites may have the number 0.
alter table ${schema}.site drop constraint site_id_is_positive;
alter table ${schema}.site add constraint site_id_is_not_negative check (site_id >= 0);

create table ${schema}.site_host (
  version    bigint      primary key,
  host       text        collate "C" not null,
  site_id    int,
  holds_from timestamptz not null,
  made_at    timestamptz not null default clock_timestamp(),
  made_by    text        not null default session_user,
  constraint site_id_is_not_negative check (site_id >= 0),
  constraint domain_is_normalised check (
    host ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'),
  constraint domain_is_not_too_long check (length(host) <= 253),
  constraint it_holds_some_day check (holds_from < 'infinity')
);
comment on table ${schema}.site_host is
  'The site of each host, from an instant on; each change is a new version (add_host), rows are never changed';
comment on column ${schema}.site_host.version is 'Grows by 1 with each change';
comment on column ${schema}.site_host.host is 'The host, written as site.domain is';
comment on column ${schema}.site_host.site_id is 'The site it belongs to; null for none any more';
comment on column ${schema}.site_host.holds_from is
  'It holds for requests that arrived at this instant or later, until the next version of the same host does';
comment on column ${schema}.site_host.made_at is 'When the version was made';
comment on column ${schema}.site_host.made_by is 'Who made it';

create index site_host_host_version on ${schema}.site_host (host, version);

select ${schema}.copy_to_every_node('site_host');

insert into ${schema}.site_host (version, host, site_id, holds_from)
select row_number() over (order by site_id), domain, site_id, '-infinity' from ${schema}.site;
