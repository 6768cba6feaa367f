-- CREATE TABLE ... PARTITION OF locks the parent against every reader and writer. Taken on five parents in one transaction, beside
-- writers that take them in another order, that ends in deadlocks, and the victim may be somebody's purchase. ATTACH PARTITION takes
-- a lock that neither reading nor writing waits for.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE audit_owner;

CREATE OR REPLACE FUNCTION audit.make_partitions(from_month date, to_month date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog SET lock_timeout = '2s'
AS $$
-- Makes the missing monthly partitions of both months and those between; each is protected before it is attached, in this same
-- transaction. Returns how many are new.
DECLARE
  parent text;
  month date;
  part text;
  made integer := 0;
BEGIN
  IF to_month > from_month + interval '10 years' THEN
    RAISE EXCEPTION 'too many partitions asked for' USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.make_partitions', 0));
  FOREACH parent IN ARRAY ARRAY['action', 'event', 'value', 'snapshot', 'search'] LOOP
    FOR month IN SELECT g::date FROM generate_series(date_trunc('month', from_month::timestamp), to_month::timestamp, interval '1 month') AS g LOOP
      part := parent || to_char(month, '"_p"YYYYMM');
      CONTINUE WHEN to_regclass('audit.' || part) IS NOT NULL;
      EXECUTE format('CREATE TABLE audit.%I (LIKE audit.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part, parent);
      PERFORM audit.protect_partition(format('audit.%I', part)::regclass);
      EXECUTE format('ALTER TABLE audit.%I ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)', parent, part,
                     month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

RESET ROLE;

SET ROLE migrator;

CREATE OR REPLACE FUNCTION platform.make_partitions(from_month date, to_month date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '2s'
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
      EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part, parent);
      EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, app_web, app_worker, audit_reader', part);
      IF parent = 'identity.login_event' THEN
        PERFORM audit.guard_table(part::regclass, false);
      END IF;
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, part,
                     month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

RESET ROLE;
