-- Each node recovers what it had others prepare, by its own setting: the coordinator's counts for whoever
-- connects to it.
select 'citus.recover_2pc_interval', 'at most 10s', current_setting('citus.recover_2pc_interval'),
       'alter system set citus.recover_2pc_interval = ''5s''; select pg_reload_conf(); until a superuser has run both on the coordinator, and on each worker that clients connect to, a statement waits that long for what a killed worker had prepared; no restart is needed'
from pg_settings
where name = 'citus.recover_2pc_interval' and setting::int not between 1 and 10000
