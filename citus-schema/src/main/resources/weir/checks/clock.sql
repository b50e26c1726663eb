-- Times of rows are the database's in places, the job's in others.
select 'clock of the database', format('is %s s ahead of this machine''s', round(extract(epoch from ahead), 3)),
       'Let both follow NTP'
from (select current_setting('weir.clock_ahead')::interval) as clock (ahead)
where ahead not between interval '-5 s' and interval '5 s'
