-- Words of the history are looked for in lower case, and from now on written so: comparing regardless of case cost more than all else
-- of a search. The table is made from the history and can be made again from it, which is why its guard may rest for this one statement.
SET lock_timeout = '5s';
SET statement_timeout = '1h';

SET ROLE audit_owner;

ALTER TABLE audit.search DISABLE TRIGGER guard_rows;
UPDATE audit.search SET text = lower(text) WHERE text <> lower(text);
ALTER TABLE audit.search ENABLE ALWAYS TRIGGER guard_rows;

RESET ROLE;
