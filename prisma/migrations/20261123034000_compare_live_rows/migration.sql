-- The worker's doctor compares live rows with their history once a day (audit.picture_queries): what those statements call reads and
-- writes nothing, it only renders what it is handed.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE audit_owner;

GRANT EXECUTE ON FUNCTION audit.capped(text), audit.canonical(jsonb) TO app_worker;

RESET ROLE;
