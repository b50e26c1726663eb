-- title: What became of records
-- description: Of all records read from a topic since the start without state, as of the last checkpoint in the range.
-- unit: none
select topic, sum(read_count)::bigint as read, sum(counted_count)::bigint as counted, sum(duplicate_count)::bigint as duplicate,
       sum(held_count)::bigint as held, sum(late_count)::bigint as late, sum(rejected_count)::bigint as rejected,
       sum(abs(read_count - counted_count - duplicate_count - held_count - late_count - rejected_count))::bigint as difference
from $schema.intake_partition
where $__timeFilter(updated_at)
group by topic
order by topic
