-- Flyway's history has times without a zone: they are UTC.
set timezone = 'UTC';
