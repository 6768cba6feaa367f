-- One event may call for a mail to several people: whom it is for joins what makes a delivery one of a kind. People without an
-- account have no user id; an event has one such recipient at most, so that nulls count as equal and the old promise holds for them.
-- Built in the migration's transaction like every index here: deliveries are kept for a limited time, and SMS and mail are queued by
-- the worker, which waits.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX delivery_event_id_template_channel_user_id_key
  ON notifications.delivery (event_id, template, channel, user_id) NULLS NOT DISTINCT;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX notifications.delivery_event_id_template_channel_key;

RESET ROLE;
