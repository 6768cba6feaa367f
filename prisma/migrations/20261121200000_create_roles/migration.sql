-- Roles belong to the cluster, not to the database: another copy may have made them already.
-- Passwords are set by prisma/runner/roles.ts; without one a login cannot sign in.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('audit_owner', 'NOLOGIN'),
      ('migrator', 'LOGIN'),
      ('app_web', 'LOGIN'),
      ('app_worker', 'LOGIN'),
      ('audit_reader', 'LOGIN')
    ) AS list (name, login)
  LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
        EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION', wanted.name, wanted.login);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- Another database of the cluster was faster.
    END;
    -- Migrations act as the owners of what they make.
    IF wanted.name IN ('audit_owner', 'migrator')
       AND current_user NOT IN ('audit_owner', 'migrator')
       AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       AND NOT pg_has_role(current_user, wanted.name, 'SET') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER WITH INHERIT TRUE, SET TRUE', wanted.name);
    END IF;
  END LOOP;
  IF NOT pg_has_role('migrator', 'audit_owner', 'SET') THEN
    GRANT audit_owner TO migrator WITH INHERIT FALSE, SET TRUE;
  END IF;
END
$$;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE SCHEMA audit AUTHORIZATION audit_owner;
CREATE SCHEMA identity AUTHORIZATION migrator;
CREATE SCHEMA notifications AUTHORIZATION migrator;
CREATE SCHEMA platform AUTHORIZATION migrator;
CREATE SCHEMA reference AUTHORIZATION migrator;
CREATE SCHEMA support AUTHORIZATION migrator;
-- pg-boss makes its own tables in here, as migrator, after the migrations.
CREATE SCHEMA pgboss AUTHORIZATION migrator;

-- For the baseline of a table that auditing is switched on for; the table itself is granted for that moment only.
GRANT USAGE ON SCHEMA identity, notifications, platform, reference, support TO audit_owner;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
