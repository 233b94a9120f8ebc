-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'catalog_service') THEN
    CREATE ROLE catalog_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA catalog TO catalog_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA catalog TO catalog_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA catalog TO catalog_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA catalog GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO catalog_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA catalog GRANT USAGE ON SEQUENCES TO catalog_service;
--> statement-breakpoint
-- A stock object begins with the opening stock whenever it is first needed, so the figure never changes.
CREATE FUNCTION catalog.refuse_opening_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the opening stock of a variant does not change' USING ERRCODE = 'restrict_violation'; END $$;
--> statement-breakpoint
CREATE TRIGGER opening_stock_unchanged BEFORE UPDATE OF opening_stock ON catalog.variants
FOR EACH ROW WHEN (OLD.opening_stock IS DISTINCT FROM NEW.opening_stock) EXECUTE FUNCTION catalog.refuse_opening_change();
