-- Retention of the two monthly tables outside the audit schema (audit.md section 15): whole months, never what is on hold.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;

GRANT USAGE ON SCHEMA audit TO migrator;
GRANT SELECT ON audit.hold TO migrator;

RESET ROLE;
SET ROLE migrator;

CREATE FUNCTION platform.is_month_held(part regclass, from_day date, person text) RETURNS boolean
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- A hold on the month, or on somebody who has a row in it. `person` is the column that names them.
DECLARE
  answer boolean;
BEGIN
  IF EXISTS (SELECT FROM audit.hold AS h WHERE h.released_at IS NULL AND date_trunc('month', h.month::timestamp)::date = from_day) THEN
    RETURN true;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM audit.hold AS h WHERE h.released_at IS NULL AND h.subject_id IS NOT NULL
                    AND EXISTS (SELECT FROM %s AS r WHERE r.%I = h.subject_id))', part, person) INTO answer;
  RETURN answer;
END
$$;
REVOKE ALL ON FUNCTION platform.is_month_held(regclass, date, text) FROM PUBLIC;

CREATE FUNCTION platform.drop_months(target text, keep_from date) RETURNS TABLE (part text, is_dropped boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '2s'
AS $$
-- Drops the months that ended before `keep_from`, oldest first, and says which; a month on hold is left and said too. Knows its
-- tables and the least they must keep, so that no caller can use it to get rid of what is young.
DECLARE
  month record;
  person text := CASE target WHEN 'identity.login_event' THEN 'user_id' WHEN 'platform.api_log' THEN 'actor_id' END;
  least interval := CASE target WHEN 'identity.login_event' THEN interval '6 months' ELSE interval '7 days' END;
BEGIN
  IF person IS NULL THEN
    RAISE EXCEPTION '% is not a table of this retention', target USING ERRCODE = '22023';
  END IF;
  IF keep_from > now() - least THEN
    RAISE EXCEPTION '% keeps at least %', target, least USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('platform.make_partitions', 0));
  FOR month IN
    SELECT c.oid::regclass AS part, to_date(right(c.relname, 6), 'YYYYMM') AS from_day
      FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
     WHERE i.inhparent = target::regclass AND c.relname ~ '_p[0-9]{6}$'
     ORDER BY 2
  LOOP
    CONTINUE WHEN (month.from_day + interval '1 month')::date > keep_from;
    part := month.part::text;
    is_dropped := NOT platform.is_month_held(month.part, month.from_day, person);
    IF is_dropped THEN
      EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', target, month.part);
      EXECUTE format('DROP TABLE %s', month.part);
    END IF;
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION platform.drop_months(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.drop_months(text, date) TO app_worker;

RESET ROLE;
