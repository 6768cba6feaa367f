-- The rules of a sign-in ask for the person's last successful ones. A run of refused attempts must not push them out of reach.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX login_event_success_idx ON identity.login_event (user_id, at DESC) INCLUDE (country_code) WHERE outcome = 'success';

RESET ROLE;
