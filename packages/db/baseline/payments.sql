-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'payments_service') THEN
    CREATE ROLE payments_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA payments TO payments_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA payments TO payments_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA payments TO payments_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA payments GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO payments_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA payments GRANT USAGE ON SEQUENCES TO payments_service;
--> statement-breakpoint
-- The ledger is append-only: for the service by its grants, for everybody else by a trigger.
REVOKE UPDATE, DELETE, TRUNCATE ON payments.ledger FROM payments_service;
--> statement-breakpoint
CREATE FUNCTION payments.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.ledger
FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();
