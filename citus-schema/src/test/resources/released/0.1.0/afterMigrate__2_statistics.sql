-- In a transaction of its own: Citus sends these commands over connections that would wait for it.
select ${schema}.hide_statistics(relation) from ${schema}.site_tables() as relation;
