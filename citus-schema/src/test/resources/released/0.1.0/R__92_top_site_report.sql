-- The list as readers see it. The rank is among the sites that the reader may see.
create or replace view ${schema}.top_site_report with (security_invoker = true) as
select site_id,
       domain,
       row_number() over (order by total_hits desc, site_id) as rank,
       total_hits,
       last_election_hits,
       times_elected,
       first_seen,
       last_seen,
       total_hits / (extract(epoch from last_seen - first_seen + interval '1 minute') / 3600)::double precision as average_hits_per_hour
from ${schema}.top_site
left join ${schema}.site using (site_id)
where left_at is null;
comment on view ${schema}.top_site_report is 'The list of the top sites, the one with the most requests first';
select ${schema}.describe_view('top_site_report', 'top_site');
comment on column ${schema}.top_site_report.domain is 'Its name in the table site; null when it has none there';
comment on column ${schema}.top_site_report.rank is 'By total_hits, then by site_id';
comment on column ${schema}.top_site_report.average_hits_per_hour is 'total_hits by the hours from first_seen to the end of last_seen';
