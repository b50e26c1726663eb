-- title: Alert: records unaccounted for
-- description: Records read of which it is not known what became of them, by topic.
-- unit: none
select topic, sum(abs(read_count - counted_count - duplicate_count - held_count - late_count - rejected_count))::double precision as value
from weir.intake_partition
where updated_at > now() - interval '1 day'
group by topic
order by topic
