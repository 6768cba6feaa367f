-- The price that somebody looked at last: from it, not from the price of yesterday, an owner's change is measured (F90).
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE migrator;

ALTER TABLE catalog.product ADD COLUMN reviewed_price NUMERIC(14,2);

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('catalog.product', 'reviewed_price', 'ignore', 'the price itself, at a decision that is on record');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('catalog.product'::regclass);

RESET ROLE;
