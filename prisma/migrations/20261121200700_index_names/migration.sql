-- Staff look for people and stores by part of a name. Ordinary indexes cannot serve that; trigrams can.
SET ROLE migrator;

CREATE INDEX user_display_name_idx ON identity."user" USING GIN (display_name public.gin_trgm_ops);
CREATE INDEX vendor_store_name_idx ON identity.vendor USING GIN (store_name public.gin_trgm_ops);

RESET ROLE;
