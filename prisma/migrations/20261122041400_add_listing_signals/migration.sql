-- What a listing is ranked and warned by, who of the staff had a hand in the version under review, and until when a take-down may be
-- taken back (product.md 4.3, 6.2, 6.3).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('catalog.product', 'missing_quality', 'ignore', 'computed from the listing, which is audited'),
  ('catalog.product', 'signals', 'ignore', 'computed when the product is handed in; the score stands in risk_score'),
  ('catalog.product', 'suspended_version', 'ignore', 'the version that a take-down left: only that one can be put back');
RESET ROLE;
SET ROLE migrator;

-- `editor_ids`: staff who changed it since it was published last; they may not decide on it. `needs_lead`: it was taken down before.
-- `signals`: what was noticed when it was handed in. `review_notes`: [{field, note}] of the last decision, for the owner to read.
ALTER TABLE catalog.product
  ADD COLUMN missing_quality INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN signals JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN needs_lead BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN editor_ids UUID[] NOT NULL DEFAULT '{}',
  ADD COLUMN duplicate_of_id UUID,
  ADD COLUMN suspended_at TIMESTAMPTZ(6),
  ADD COLUMN suspended_by UUID,
  ADD COLUMN suspended_version INTEGER,
  ADD COLUMN review_notes JSONB NOT NULL DEFAULT '[]';
ALTER TABLE catalog.product
  ADD CONSTRAINT product_signals_check
    CHECK (missing_quality BETWEEN 0 AND 100 AND jsonb_typeof(signals) = 'array' AND jsonb_typeof(review_notes) = 'array'
      AND duplicate_of_id <> id
      AND num_nonnulls(suspended_at, suspended_by, suspended_version) IN (0, 3)) NOT VALID;
ALTER TABLE catalog.product
  ADD CONSTRAINT product_duplicate_of_id_fkey FOREIGN KEY (duplicate_of_id) REFERENCES catalog.product(id) ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;

-- The enhancers' work list: what lacks most comes first.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_missing_quality_id_idx ON catalog.product (missing_quality DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_improve_idx ON catalog.product (missing_quality DESC, id)
  WHERE status IN ('pending', 'in_review', 'published') AND deleted_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_duplicate_of_id_idx ON catalog.product (duplicate_of_id);
-- A copied text is recognised by how it begins or ends, whatever its case, signs and blanks. Trigrams of whole texts would match every
-- text of one template: seconds instead of milliseconds at 100,000 products.
CREATE FUNCTION catalog.text_print(words text) RETURNS uuid
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT CASE WHEN length(bare) >= 40 THEN md5(bare)::uuid END FROM (SELECT regexp_replace(lower(words), '[^[:alnum:]]+', '', 'g') AS bare) AS b $$;
REVOKE ALL ON FUNCTION catalog.text_print(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.text_print(text) TO app_web, app_worker;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_text_start_idx ON catalog.product (catalog.text_print(left(description, 160)));
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_text_end_idx ON catalog.product (catalog.text_print(right(description, 160)));
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_category_codes_idx ON catalog.product USING gin (category_codes);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_media_file_id_idx ON catalog.product_media (file_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_revision_status_created_at_id_idx ON catalog.product_revision (status, created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_revision_created_at_id_idx ON catalog.product_revision (created_at DESC, id);
-- One proposal of one enhancer for one product waits at a time.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX product_revision_suggestion_key ON catalog.product_revision (product_id, author_id)
  WHERE kind = 'suggestion' AND status IN ('draft', 'proposed');

-- The listings nearest to one: by title, and by a text that begins or ends alike. The threshold belongs to the function: with the default
-- of the extension the index hands over thousands of rows of every "Ankara dress".
CREATE FUNCTION catalog.near_products(of_id uuid, of_title text, of_description text)
  RETURNS TABLE (id uuid, title_score real, text_score real)
  LANGUAGE sql STABLE PARALLEL SAFE
  SET pg_trgm.similarity_threshold = 0.6
AS $$
  SELECT found.id, similarity(found.title, of_title) AS title_score,
         CASE WHEN found.description IS NULL OR of_description IS NULL THEN 0
              ELSE similarity(lower(left(found.description, 1000)), lower(left(of_description, 1000))) END AS text_score
    FROM catalog.product AS found
   WHERE found.id <> of_id AND found.deleted_at IS NULL
     AND found.id IN (
       (SELECT p.id FROM catalog.product AS p WHERE p.title % of_title AND p.id <> of_id
         ORDER BY similarity(p.title, of_title) DESC, p.id LIMIT 30)
       UNION
       (SELECT p.id FROM catalog.product AS p
         WHERE catalog.text_print(left(p.description, 160)) = catalog.text_print(left(of_description, 160)) AND p.id <> of_id LIMIT 30)
       UNION
       (SELECT p.id FROM catalog.product AS p
         WHERE catalog.text_print(right(p.description, 160)) = catalog.text_print(right(of_description, 160)) AND p.id <> of_id LIMIT 30))
$$;
REVOKE ALL ON FUNCTION catalog.near_products(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.near_products(uuid, text, text) TO app_web, app_worker;

-- Words that no listing may carry. A word of `severity` "refused" stops a proposal; "watched" is shown to whoever reviews it.
CREATE TABLE catalog.banned_word (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    word VARCHAR(60) NOT NULL,
    severity VARCHAR(10) NOT NULL DEFAULT 'refused',
    why VARCHAR(200) NOT NULL,

    CONSTRAINT banned_word_pkey PRIMARY KEY (id),
    CONSTRAINT banned_word_word_check CHECK (word = lower(word) AND word <> '' AND why <> ''),
    CONSTRAINT banned_word_severity_check CHECK (severity IN ('refused', 'watched'))
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX banned_word_word_key ON catalog.banned_word (word);
GRANT SELECT, INSERT ON catalog.banned_word TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('catalog.banned_word', '*', 'audit', false, NULL, '{id}');
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('catalog.banned_word', 'updated_at', 'ignore', 'stamp of the row itself'),
  ('catalog.banned_word', 'version', 'ignore', 'stamp of the row itself');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('catalog.product'::regclass), audit.enable_table('catalog.banned_word'::regclass);

RESET ROLE;
