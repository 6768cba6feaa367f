-- Versions of what customers see (ADR 0038): sixteen groups of stores, by the last byte of the store's id. Each change that customers could
-- notice raises the version of its group, whatever made it. The triggers wait for the commit, so that two writers of one group stand in
-- each other's way no longer than a commit takes.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE migrator;

CREATE FUNCTION platform.bump_cache(namespace text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$
  INSERT INTO platform.cache_namespace AS known (name, epoch, changed_at) VALUES (namespace, 2, clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET epoch = known.epoch + 1, changed_at = clock_timestamp()
$$;
REVOKE ALL ON FUNCTION platform.bump_cache(text) FROM PUBLIC;

-- The group of a store; src/modules/catalog/storefront/namespaces.ts says the same.
CREATE FUNCTION platform.store_namespace(vendor_id uuid) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
AS $$ SELECT 'storefront.' || (get_byte(uuid_send(vendor_id), 15) % 16) $$;
REVOKE ALL ON FUNCTION platform.store_namespace(uuid) FROM PUBLIC;

INSERT INTO platform.cache_namespace (name) SELECT 'storefront.' || n FROM generate_series(0, 15) AS n;

CREATE FUNCTION platform.note_store_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM platform.bump_cache(platform.store_namespace(NEW.id));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION platform.note_store_change() FROM PUBLIC;

-- Settings of a store and products: both name their store. A product that changed hands would concern two.
CREATE FUNCTION platform.note_change_of_store() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    PERFORM platform.bump_cache(platform.store_namespace(NEW.vendor_id));
  END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.vendor_id <> NEW.vendor_id) THEN
    PERFORM platform.bump_cache(platform.store_namespace(OLD.vendor_id));
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION platform.note_change_of_store() FROM PUBLIC;

CREATE FUNCTION platform.note_owner_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM platform.bump_cache(platform.store_namespace(v.id)) FROM identity.vendor AS v WHERE v.user_id = NEW.id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION platform.note_owner_change() FROM PUBLIC;

CREATE FUNCTION platform.note_media_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM platform.bump_cache(platform.store_namespace(p.vendor_id)) FROM catalog.product AS p
    WHERE p.status = 'published' AND p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.product_id ELSE NEW.product_id END;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION platform.note_media_change() FROM PUBLIC;

-- Products are found under the categories above theirs: where one hangs concerns every group, always in the same order.
CREATE FUNCTION platform.note_category_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  FOR n IN 0..15 LOOP
    PERFORM platform.bump_cache('storefront.' || n);
  END LOOP;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION platform.note_category_change() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER storefront_version AFTER UPDATE ON identity.vendor DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status = 'approved' OR NEW.status = 'approved') AND OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION platform.note_store_change();

CREATE CONSTRAINT TRIGGER storefront_version AFTER INSERT OR UPDATE ON identity.vendor_settings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION platform.note_change_of_store();

CREATE CONSTRAINT TRIGGER storefront_version AFTER UPDATE ON identity."user" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kind = 'vendor' AND OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION platform.note_owner_change();

CREATE CONSTRAINT TRIGGER storefront_version_new AFTER INSERT ON catalog.product DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status = 'published')
  EXECUTE FUNCTION platform.note_change_of_store();
CREATE CONSTRAINT TRIGGER storefront_version AFTER UPDATE ON catalog.product DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status = 'published' OR NEW.status = 'published') AND OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION platform.note_change_of_store();
CREATE CONSTRAINT TRIGGER storefront_version_gone AFTER DELETE ON catalog.product DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status = 'published')
  EXECUTE FUNCTION platform.note_change_of_store();

CREATE CONSTRAINT TRIGGER storefront_version AFTER INSERT OR UPDATE OR DELETE ON catalog.product_media DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION platform.note_media_change();

CREATE CONSTRAINT TRIGGER storefront_version AFTER UPDATE ON catalog.category DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.code, OLD.parent_code) IS DISTINCT FROM (NEW.code, NEW.parent_code))
  EXECUTE FUNCTION platform.note_category_change();

RESET ROLE;
