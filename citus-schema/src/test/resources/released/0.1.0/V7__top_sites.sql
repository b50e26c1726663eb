-- The election of the top websites: its settings, its candidates, the list, and what was held.
create table ${schema}.top_site_config (
  version                     int         primary key,
  holds_from                  timestamptz not null,
  election_window             interval    not null,
  election_schedule_interval  interval    not null,
  min_hits_threshold          bigint      not null,
  max_longterm_entries        int         not null,
  longterm_retention_period   interval    not null,
  candidates_retention_period interval    not null,
  made_at                     timestamptz not null default clock_timestamp(),
  made_by                     text        not null default session_user,
  constraint election_schedule_interval_divides_a_day check (
    election_schedule_interval > interval '0' and extract(epoch from election_schedule_interval) % 60 = 0
    and 86400 % extract(epoch from election_schedule_interval) = 0),
  constraint election_window_is_of_whole_minutes check (
    extract(epoch from election_window) % 60 = 0 and election_window <= interval '31 days'),
  constraint election_window_is_not_shorter_than_the_interval check (election_window >= election_schedule_interval),
  constraint boundaries_are_multiples_of_the_interval check (
    not isfinite(holds_from) or election_schedule_interval <= interval '0'
    or extract(epoch from holds_from) % extract(epoch from election_schedule_interval) = 0),
  constraint min_hits_threshold_is_at_least_1 check (min_hits_threshold >= 1),
  constraint max_longterm_entries_is_1_to_1000000 check (max_longterm_entries between 1 and 1000000),
  constraint longterm_retention_period_is_not_shorter_than_the_window check (longterm_retention_period >= election_window),
  constraint longterm_retention_period_is_at_most_1000_years check (longterm_retention_period <= interval '1000 years'),
  constraint candidates_retention_period_is_1_hour_to_1000_years check (
    candidates_retention_period between interval '1 hour' and interval '1000 years')
);
comment on table ${schema}.top_site_config is
  'Settings of the election, each change a new version (configure_election); rows are never changed';
comment on column ${schema}.top_site_config.version is 'Grows by 1 with each change';
comment on column ${schema}.top_site_config.holds_from is 'The first election it holds for, until the next version does';
comment on column ${schema}.top_site_config.election_window is 'How much time before its boundary an election counts';
comment on column ${schema}.top_site_config.election_schedule_interval is 'How far elections are apart: at its multiples from midnight UTC on';
comment on column ${schema}.top_site_config.min_hits_threshold is 'Requests in the window that make a site a candidate';
comment on column ${schema}.top_site_config.max_longterm_entries is 'How many sites the list holds';
comment on column ${schema}.top_site_config.longterm_retention_period is
  'How long a site stays in the list without being elected, and its row after it has left';
comment on column ${schema}.top_site_config.candidates_retention_period is 'How long candidates are kept';
comment on column ${schema}.top_site_config.made_at is 'When the version was made';
comment on column ${schema}.top_site_config.made_by is 'Who made it';

create table ${schema}.top_site_candidate (
  site_id    int         not null,
  election   timestamptz not null,
  hits       bigint      not null check (hits > 0),
  last_seen  timestamptz not null,
  primary key (site_id, election)
) partition by range (election);
comment on table ${schema}.top_site_candidate is 'Sites with enough requests for an election, a partition a UTC day';
comment on column ${schema}.top_site_candidate.site_id is 'The site; the distribution column on Citus';
comment on column ${schema}.top_site_candidate.election is 'The election''s boundary: its window ends here';
comment on column ${schema}.top_site_candidate.hits is 'Requests in the window';
comment on column ${schema}.top_site_candidate.last_seen is 'The newest minute with requests in the window';

create table ${schema}.top_site (
  site_id            int         primary key,
  total_hits         bigint      not null check (total_hits >= 0),
  last_election_hits bigint      not null check (last_election_hits > 0),
  times_elected      int         not null check (times_elected > 0),
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  counted_until      timestamptz not null,
  left_at            timestamptz,
  election           timestamptz not null,
  constraint seen_in_order check (first_seen <= last_seen and last_seen < counted_until),
  constraint counted_before_it_left check (counted_until <= election and (left_at is null or left_at = election))
);
comment on table ${schema}.top_site is 'The list of the top sites, and for a while those that have left it';
comment on column ${schema}.top_site.site_id is 'The site; the distribution column on Citus';
comment on column ${schema}.top_site.total_hits is
  'Requests of all minutes that elections have counted since the site came into the list, each once';
comment on column ${schema}.top_site.last_election_hits is 'Requests in the window of the last election it was a candidate of';
comment on column ${schema}.top_site.times_elected is 'Elections it was a candidate of since it came into the list';
comment on column ${schema}.top_site.first_seen is 'The earliest minute counted';
comment on column ${schema}.top_site.last_seen is 'The newest minute with requests that an election saw';
comment on column ${schema}.top_site.counted_until is 'The last election that counted its requests';
comment on column ${schema}.top_site.left_at is 'The election that removed it; null while it is in the list';
comment on column ${schema}.top_site.election is 'The last election that changed the row';

create table ${schema}.top_site_election (
  election        timestamptz primary key,
  window_start    timestamptz not null,
  version         int         not null,
  candidate_count int         not null,
  site_count      int         not null,
  entered_count   int         not null,
  left_count      int         not null,
  held_at         timestamptz not null
);
comment on table ${schema}.top_site_election is 'The elections that were held; the row is written with the last of its rows in top_site';
comment on column ${schema}.top_site_election.election is 'The boundary: its window ends here';
comment on column ${schema}.top_site_election.window_start is 'Where its window begins';
comment on column ${schema}.top_site_election.version is 'The settings that held, top_site_config.version';
comment on column ${schema}.top_site_election.candidate_count is 'Sites with enough requests';
comment on column ${schema}.top_site_election.site_count is 'Sites in the list afterwards';
comment on column ${schema}.top_site_election.entered_count is 'Sites that came into the list and stayed';
comment on column ${schema}.top_site_election.left_count is 'Sites that were in the list and were removed';
comment on column ${schema}.top_site_election.held_at is 'When it was written';

select ${schema}.distribute_by_site('top_site_candidate');
select ${schema}.distribute_by_site('top_site');
select ${schema}.copy_to_every_node('top_site_config');
select ${schema}.copy_to_every_node('top_site_election');

insert into ${schema}.top_site_config (version, holds_from, election_window, election_schedule_interval,
  min_hits_threshold, max_longterm_entries, longterm_retention_period, candidates_retention_period)
values (1, '-infinity', '2 hours', '1 hour', 100, 1000, '90 days', '7 days');

select ${schema}.add_policy('top_site_candidate', '7 days', 'day', 7);
