-- What the storefront sorts and filters by, among the products that are live.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE migrator;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_live_price_idx ON catalog.product(price, id) WHERE status = 'published' AND deleted_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_live_vendor_idx ON catalog.product(vendor_id, published_at DESC, id DESC) WHERE status = 'published' AND deleted_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_live_category_idx ON catalog.product USING gin (category_codes) WHERE status = 'published' AND deleted_at IS NULL;

-- Whose picture a public address shows.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX vendor_logo_file_id_idx ON identity.vendor(logo_file_id) WHERE logo_file_id IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX vendor_cover_file_id_idx ON identity.vendor(cover_file_id) WHERE cover_file_id IS NOT NULL;

RESET ROLE;
