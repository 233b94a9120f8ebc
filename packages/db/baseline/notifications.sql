-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'notifications_service') THEN
    CREATE ROLE notifications_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA notifications TO notifications_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA notifications TO notifications_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA notifications TO notifications_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA notifications GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO notifications_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA notifications GRANT USAGE ON SEQUENCES TO notifications_service;
