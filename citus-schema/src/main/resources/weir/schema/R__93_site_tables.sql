create or replace function ${schema}.site_tables() returns setof text
language sql immutable parallel safe as $$ values ('http_request_1min'), ('http_request_1hour'), ('http_request_1day'); $$;
comment on function ${schema}.site_tables() is 'The tables keyed by site';
