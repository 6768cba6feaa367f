-- An erasure and a data export ask for everything of one owner.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE migrator;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_owner_user_id_idx ON catalog.product(owner_user_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_media_owner_user_id_idx ON catalog.product_media(owner_user_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_revision_owner_user_id_idx ON catalog.product_revision(owner_user_id);

RESET ROLE;
