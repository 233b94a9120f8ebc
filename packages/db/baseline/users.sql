-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'users_service') THEN
    CREATE ROLE users_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA users TO users_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA users TO users_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA users TO users_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA users GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO users_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA users GRANT USAGE ON SEQUENCES TO users_service;
