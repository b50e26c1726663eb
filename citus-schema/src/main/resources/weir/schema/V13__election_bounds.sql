-- A candidate carries the requests of each interval in its window. Versions that are there already stay.
alter table ${schema}.top_site_config add constraint election_window_is_of_at_most_1440_intervals
  check (election_window <= 1440 * election_schedule_interval) not valid;
