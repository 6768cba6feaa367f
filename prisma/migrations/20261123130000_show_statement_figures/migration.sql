-- Figures of statements for a page of the back office. A server may lack the extension, and the login of the migrations the right to make
-- it: then the page says so and how to switch it on, and nothing else depends on it. A login sees the texts of its own statements only.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;
  REVOKE ALL ON public.pg_stat_statements, public.pg_stat_statements_info FROM PUBLIC;
  REVOKE ALL ON FUNCTION public.pg_stat_statements(boolean), public.pg_stat_statements_info() FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION public.pg_stat_statements(boolean), public.pg_stat_statements_info() TO app_web;
EXCEPTION
  WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_table OR undefined_function THEN
    RAISE NOTICE 'No figures of statements: %', SQLERRM;
END
$$;
