-- After an outage many rows wait that the statistics have never seen. The planner then takes them for a handful and sorts all of
-- them for each batch: a million rows took minutes. Walking the index in its own order costs a batch the batch, whatever waits.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;

ALTER FUNCTION audit.batch_end(integer, integer, xid8, xid8) SET enable_sort = off;
ALTER FUNCTION audit.batch_end(integer, integer, xid8, xid8) SET enable_seqscan = off;
ALTER FUNCTION audit.batch_end(integer, integer, xid8, xid8) SET enable_bitmapscan = off;

RESET ROLE;
