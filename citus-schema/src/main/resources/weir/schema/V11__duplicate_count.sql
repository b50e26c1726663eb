-- Requests that were sent again: how many were left out of request_count and of every other measure.
select ${schema}.add_measure('duplicate_count', 'bigint', merge => 'coalesce(sum(%s), 0)::bigint',
                             description => 'Requests that were sent again, counted nowhere else', value_before => '0');
