-- Rules of the data model that hold whoever writes, also by hand.
SET ROLE migrator;

-- ---------------------------------------------------------------- user

ALTER TABLE identity."user"
  ADD CONSTRAINT user_identifier_check CHECK (status = 'erased' OR num_nonnulls(email_bidx, phone_bidx) = 1),
  ADD CONSTRAINT user_auth_method_check CHECK (status = 'erased' OR (auth_method = 'phone') = (phone_bidx IS NOT NULL)),
  ADD CONSTRAINT user_staff_email_check CHECK (kind <> 'staff' OR auth_method = 'email' OR status = 'erased'),
  ADD CONSTRAINT user_erased_check CHECK (status <> 'erased' OR num_nonnulls(
    email_enc, email_bidx, phone_enc, phone_bidx, first_name, last_name, display_name, bio, gender, state, city, address_enc, avatar_file_id) = 0),
  ADD CONSTRAINT user_erased_mask_check CHECK (status <> 'erased' OR num_nonnulls(email_masked, phone_masked) = 0),
  ADD CONSTRAINT user_identifier_pair_check CHECK ((email_enc IS NULL) = (email_bidx IS NULL) AND (phone_enc IS NULL) = (phone_bidx IS NULL)),
  ADD CONSTRAINT user_bidx_check CHECK (octet_length(email_bidx) = 32 AND octet_length(phone_bidx) = 32),
  ADD CONSTRAINT user_verified_check CHECK ((identifier_verified_at IS NULL) = (verified_how IS NULL)),
  ADD CONSTRAINT user_member_id_check CHECK (member_id ~ '^FASTAR[0-9]{6,10}$'),
  ADD CONSTRAINT user_country_check CHECK (country_code ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT user_counters_check CHECK (failed_logins >= 0 AND failed_consecutive >= 0 AND lock_level >= 0 AND login_count >= 0),
  ADD CONSTRAINT user_risk_check CHECK (risk_score BETWEEN 0 AND 100),
  ADD CONSTRAINT user_referral_check CHECK (referred_by <> id),
  ADD CONSTRAINT user_text_check CHECK ('' NOT IN (coalesce(first_name, '-'), coalesce(last_name, '-'), coalesce(display_name, '-'), coalesce(bio, '-'),
    coalesce(state, '-'), coalesce(city, '-'), coalesce(status_reason_code, '-'), coalesce(status_reason, '-')));
ALTER SEQUENCE identity.member_id_seq OWNED BY identity."user".member_id;

CREATE FUNCTION identity.refuse_identity_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- kind and member id are for life. The identifier changes only where a contact change says so, or with erasure.
BEGIN
  IF NEW.kind <> OLD.kind OR NEW.member_id <> OLD.member_id OR NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'id, kind and member_id of a user never change' USING ERRCODE = 'FS001';
  END IF;
  IF NEW.status = 'erased' OR current_setting('fashionistar.identifier_change', true) = 'on' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the identifier of a user changes only by contact change or erasure' USING ERRCODE = 'FS002';
END
$$;

CREATE TRIGGER identity_change BEFORE UPDATE ON identity."user" FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.member_id <> OLD.member_id OR NEW.auth_method <> OLD.auth_method
    OR NEW.email_bidx IS DISTINCT FROM OLD.email_bidx OR NEW.phone_bidx IS DISTINCT FROM OLD.phone_bidx)
  EXECUTE FUNCTION identity.refuse_identity_change();

ALTER TABLE identity.user_key
  ADD CONSTRAINT user_key_destroyed_check CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL));

-- ---------------------------------------------------------------- client XOR vendor

CREATE FUNCTION identity.require_kind() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- With kind immutable, a person is client or vendor and never both.
BEGIN
  IF (SELECT u.kind::text FROM identity."user" AS u WHERE u.id = NEW.user_id) <> TG_ARGV[0] THEN
    RAISE EXCEPTION 'a % row needs a user of that kind', TG_ARGV[0] USING ERRCODE = 'FS003';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER require_kind BEFORE INSERT OR UPDATE OF user_id ON identity.client FOR EACH ROW EXECUTE FUNCTION identity.require_kind('client');
CREATE TRIGGER require_kind BEFORE INSERT OR UPDATE OF user_id ON identity.vendor FOR EACH ROW EXECUTE FUNCTION identity.require_kind('vendor');
CREATE TRIGGER require_kind BEFORE INSERT OR UPDATE OF user_id ON identity.staff_profile FOR EACH ROW EXECUTE FUNCTION identity.require_kind('staff');
CREATE TRIGGER require_kind BEFORE INSERT OR UPDATE OF user_id ON identity.staff_role_grant FOR EACH ROW EXECUTE FUNCTION identity.require_kind('staff');

-- ---------------------------------------------------------------- whose person a row is about

CREATE FUNCTION identity.fill_owner() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- The audit keeps a subject with each event: erasure finds the values of a person by it.
BEGIN
  IF TG_ARGV[0] = 'client' THEN
    NEW.owner_user_id := (SELECT c.user_id FROM identity.client AS c WHERE c.id = NEW.client_id);
  ELSE
    NEW.owner_user_id := (SELECT v.user_id FROM identity.vendor AS v WHERE v.id = NEW.vendor_id);
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER fill_owner BEFORE INSERT OR UPDATE OF client_id, owner_user_id ON identity.client_address FOR EACH ROW EXECUTE FUNCTION identity.fill_owner('client');
CREATE TRIGGER fill_owner BEFORE INSERT OR UPDATE OF vendor_id, owner_user_id ON identity.vendor_setup FOR EACH ROW EXECUTE FUNCTION identity.fill_owner('vendor');
CREATE TRIGGER fill_owner BEFORE INSERT OR UPDATE OF vendor_id, owner_user_id ON identity.vendor_settings FOR EACH ROW EXECUTE FUNCTION identity.fill_owner('vendor');
CREATE TRIGGER fill_owner BEFORE INSERT OR UPDATE OF vendor_id, owner_user_id ON identity.vendor_bank_account FOR EACH ROW EXECUTE FUNCTION identity.fill_owner('vendor');

CREATE FUNCTION support.fill_note_subject() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
  IF NEW.subject_type = 'user' THEN
    NEW.subject_user_id := NEW.subject_id;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER fill_note_subject BEFORE INSERT OR UPDATE OF subject_type, subject_id, subject_user_id ON support.note
  FOR EACH ROW EXECUTE FUNCTION support.fill_note_subject();

-- ---------------------------------------------------------------- client and vendor

ALTER TABLE identity.client
  ADD CONSTRAINT client_orders_check CHECK (total_orders >= 0),
  ADD CONSTRAINT client_lists_check CHECK (jsonb_typeof(style_preferences) = 'array' AND jsonb_typeof(favourite_colours) = 'array');
ALTER TABLE identity.client_address
  ADD CONSTRAINT client_address_country_check CHECK (country_code ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT client_address_text_check CHECK (label <> '' AND city <> '' AND state <> '' AND postal_code <> '');
CREATE UNIQUE INDEX client_address_default_key ON identity.client_address (client_id) WHERE is_default;

ALTER TABLE identity.vendor
  ADD CONSTRAINT vendor_verified_check CHECK ((status IN ('approved', 'suspended')) <= (verified_at IS NOT NULL)),
  ADD CONSTRAINT vendor_collections_check CHECK (cardinality(collections) <= 15 AND (status <> 'approved' OR cardinality(collections) >= 1)),
  ADD CONSTRAINT vendor_commission_check CHECK (commission_bps BETWEEN 0 AND 5000),
  ADD CONSTRAINT vendor_products_check CHECK (max_products >= 0),
  ADD CONSTRAINT vendor_scores_check CHECK (risk_score BETWEEN 0 AND 100 AND trust_score BETWEEN 0 AND 100),
  ADD CONSTRAINT vendor_country_check CHECK (country_code ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT vendor_tax_check CHECK (num_nonnulls(tax_id_enc, tax_id_bidx, tax_id_masked) IN (0, 3) AND octet_length(tax_id_bidx) = 32),
  ADD CONSTRAINT vendor_slug_check CHECK (store_slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(store_slug) >= 3),
  ADD CONSTRAINT vendor_reviewers_check CHECK (second_reviewed_by <> reviewed_by),
  ADD CONSTRAINT vendor_text_check CHECK ('' NOT IN (coalesce(store_name, '-'), coalesce(tagline, '-'), coalesce(description, '-'), coalesce(state, '-'),
    coalesce(city, '-'), coalesce(address, '-')));
ALTER TABLE identity.vendor_settings
  ADD CONSTRAINT vendor_settings_return_check CHECK (return_days BETWEEN 0 AND 30),
  ADD CONSTRAINT vendor_settings_holiday_check CHECK (holiday_to >= holiday_from);

ALTER TABLE identity.vendor_bank_account
  ADD CONSTRAINT vendor_bank_account_default_check CHECK (NOT is_default OR status = 'verified'),
  ADD CONSTRAINT vendor_bank_account_bidx_check CHECK (octet_length(account_number_bidx) = 32),
  ADD CONSTRAINT vendor_bank_account_last4_check CHECK (account_last4 ~ '^[0-9]{4}$');
CREATE UNIQUE INDEX vendor_bank_account_default_key ON identity.vendor_bank_account (vendor_id) WHERE is_default AND status = 'verified';
CREATE UNIQUE INDEX vendor_bank_account_number_key ON identity.vendor_bank_account (vendor_id, account_number_bidx) WHERE status <> 'removed';

-- ---------------------------------------------------------------- signing in

ALTER TABLE identity.external_identity ADD CONSTRAINT external_identity_bidx_check CHECK (octet_length(subject_bidx) = 32);
ALTER TABLE identity.credential ADD CONSTRAINT credential_hash_check CHECK (password_hash ~ '^v[0-9]+\$[^$]+\$.+');
ALTER TABLE identity.pending_registration
  ADD CONSTRAINT pending_registration_bidx_check CHECK (octet_length(identifier_bidx) = 32),
  ADD CONSTRAINT pending_registration_decoy_check CHECK (decoy OR (identifier_enc IS NOT NULL AND wrapped_row_key IS NOT NULL AND kek_kid IS NOT NULL)),
  ADD CONSTRAINT pending_registration_country_check CHECK (country_code ~ '^[A-Z]{2}$');
ALTER TABLE identity.otp_flow
  ADD CONSTRAINT otp_flow_attempts_check CHECK (attempts_left >= 0),
  ADD CONSTRAINT otp_flow_sends_check CHECK (send_no >= 0 AND sends >= 0),
  ADD CONSTRAINT otp_flow_subject_check CHECK ((subject_type IS NULL) = (subject_id IS NULL)),
  ADD CONSTRAINT otp_flow_bidx_check CHECK (octet_length(target_bidx) = 32);
ALTER TABLE identity."session"
  ADD CONSTRAINT session_acr_check CHECK (acr IN ('aal1', 'aal2')),
  ADD CONSTRAINT session_amr_check CHECK (cardinality(amr) >= 1),
  ADD CONSTRAINT session_end_check CHECK (idle_expires_at <= absolute_expires_at),
  ADD CONSTRAINT session_revoked_check CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
  ADD CONSTRAINT session_seq_check CHECK (last_refresh_seq >= 0);
-- What a sign-in and a revocation look for: the living sessions of one person.
CREATE INDEX session_live_idx ON identity."session" (user_id, last_used_at) WHERE revoked_at IS NULL;
ALTER TABLE identity.refresh_token
  ADD CONSTRAINT refresh_token_hash_check CHECK (octet_length(token_hash) = 32),
  ADD CONSTRAINT refresh_token_seq_check CHECK (seq >= 0),
  ADD CONSTRAINT refresh_token_used_check CHECK (consumed_at IS NOT NULL OR num_nonnulls(successor_box, successor_until, device_hash) = 0);
ALTER TABLE identity.known_device ADD CONSTRAINT known_device_failures_check CHECK (failures >= 0);
ALTER TABLE identity.totp ADD CONSTRAINT totp_failures_check CHECK (failures >= 0);
ALTER TABLE identity.recovery_code ADD CONSTRAINT recovery_code_slot_check CHECK (slot BETWEEN 0 AND 99);
ALTER TABLE identity.mfa_challenge
  ADD CONSTRAINT mfa_challenge_hash_check CHECK (octet_length(token_hash) = 32),
  ADD CONSTRAINT mfa_challenge_attempts_check CHECK (attempts_left >= 0);

-- ---------------------------------------------------------------- staff

ALTER TABLE identity.staff_role_grant
  ADD CONSTRAINT staff_role_grant_lead_check CHECK (NOT is_lead OR role IN ('support', 'reviewer')),
  ADD CONSTRAINT staff_role_grant_revoked_check CHECK (revoked_at IS NOT NULL OR num_nonnulls(revoked_by, revoke_reason) = 0);
CREATE UNIQUE INDEX staff_role_grant_active_key ON identity.staff_role_grant (user_id, role) WHERE revoked_at IS NULL;
ALTER TABLE identity.staff_profile ADD CONSTRAINT staff_profile_disabled_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL));
ALTER TABLE identity.staff_invite
  ADD CONSTRAINT staff_invite_hash_check CHECK (octet_length(token_hash) = 32),
  ADD CONSTRAINT staff_invite_end_check CHECK (num_nonnulls(accepted_at, cancelled_at) <= 1);

-- ---------------------------------------------------------------- append-only tables

ALTER TABLE identity.login_event ADD CONSTRAINT login_event_risk_check CHECK (risk_score BETWEEN 0 AND 100);
SELECT audit.guard_table('identity.consent', false), audit.guard_table('identity.login_event', false);

-- ---------------------------------------------------------------- other owners

ALTER TABLE reference.country
  ADD CONSTRAINT country_codes_check CHECK (iso2 ~ '^[A-Z]{2}$' AND iso3 ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT country_currency_check CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE support.note ADD CONSTRAINT note_subject_check CHECK (subject_type <> 'user' OR subject_user_id = subject_id);
ALTER TABLE notifications.delivery
  ADD CONSTRAINT delivery_attempts_check CHECK (attempts >= 0),
  ADD CONSTRAINT delivery_bidx_check CHECK (octet_length(recipient_bidx) = 32);
ALTER TABLE platform.idempotency_key
  ADD CONSTRAINT idempotency_key_hash_check CHECK (octet_length(body_hash) = 32),
  ADD CONSTRAINT idempotency_key_done_check CHECK (state = 'running' OR status IS NOT NULL);
ALTER TABLE platform.rate_bucket ADD CONSTRAINT rate_bucket_count_check CHECK (count >= 0 AND consecutive >= 0 AND level >= 0);
ALTER TABLE platform.admin_session
  ADD CONSTRAINT admin_session_hash_check CHECK (octet_length(id_hash) = 32),
  ADD CONSTRAINT admin_session_end_check CHECK (idle_expires_at <= absolute_expires_at);
ALTER TABLE platform.reveal_quota ADD CONSTRAINT reveal_quota_check CHECK (used >= 0 AND bonus BETWEEN 0 AND 20 AND granted_by <> staff_user_id);
-- The relay reads what is not published yet, oldest first.
CREATE INDEX outbox_event_waiting_idx ON platform.outbox_event (id) WHERE published_at IS NULL;
CREATE INDEX api_log_slow_idx ON platform.api_log (occurred_at DESC) WHERE slow;
CREATE INDEX api_log_failed_idx ON platform.api_log (occurred_at DESC) WHERE status >= 500;

-- ---------------------------------------------------------------- months of login_event and api_log

CREATE FUNCTION platform.make_partitions(from_month date, to_month date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
-- As audit.make_partitions, for the monthly tables of other owners. Returns how many are new.
DECLARE
  parent text;
  month date;
  part text;
  made integer := 0;
BEGIN
  IF to_month > from_month + interval '10 years' THEN
    RAISE EXCEPTION 'too many partitions asked for' USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('platform.make_partitions', 0));
  FOREACH parent IN ARRAY ARRAY['identity.login_event', 'platform.api_log'] LOOP
    FOR month IN SELECT g::date FROM generate_series(date_trunc('month', from_month::timestamp), to_month::timestamp, interval '1 month') AS g LOOP
      part := parent || to_char(month, '"_p"YYYYMM');
      CONTINUE WHEN to_regclass(part) IS NOT NULL;
      EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', part, parent,
                     month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
      EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, app_web, app_worker, audit_reader', part);
      IF parent = 'identity.login_event' THEN
        PERFORM audit.guard_table(part::regclass, false);
      END IF;
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
REVOKE ALL ON FUNCTION platform.make_partitions(date, date) FROM PUBLIC;
SELECT platform.make_partitions((now() - interval '3 months')::date, (now() + interval '3 months')::date);

RESET ROLE;
