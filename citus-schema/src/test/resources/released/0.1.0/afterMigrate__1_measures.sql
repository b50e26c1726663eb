-- What is made from measures and grains, where a migration has added one.
select ${schema}.make_sums();
select ${schema}.make_traffic_view(name, true) from ${schema}.grain;
