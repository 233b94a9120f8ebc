-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_service') THEN
    CREATE ROLE orders_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA orders TO orders_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA orders TO orders_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA orders TO orders_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO orders_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT USAGE ON SEQUENCES TO orders_service;
--> statement-breakpoint
-- The history of an order is append-only. Only an erasure removes something: the reasons that staff typed.
REVOKE UPDATE, DELETE ON orders.order_events FROM orders_service;
--> statement-breakpoint
GRANT UPDATE (data) ON orders.order_events TO orders_service;
--> statement-breakpoint
CREATE FUNCTION orders.only_without_reason() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.data <> OLD.data - 'reason' THEN
    RAISE EXCEPTION 'the history of an order is append-only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER order_events_only_without_reason BEFORE UPDATE ON orders.order_events
  FOR EACH ROW EXECUTE FUNCTION orders.only_without_reason();
--> statement-breakpoint
-- Reports rely on every movement of money.
REVOKE DELETE ON orders.money_entries FROM orders_service;
--> statement-breakpoint
-- An invoice stays as it was issued, but for whom it was issued to, which is erased with the order.
REVOKE UPDATE, DELETE ON orders.invoices FROM orders_service;
--> statement-breakpoint
GRANT UPDATE (buyer) ON orders.invoices TO orders_service;
--> statement-breakpoint
REVOKE DELETE ON orders.invoice_counters FROM orders_service;
--> statement-breakpoint
-- The balance of a gift card is the sum of its entries.
REVOKE UPDATE, DELETE ON orders.gift_card_entries FROM orders_service;
--> statement-breakpoint
REVOKE DELETE ON orders.gift_cards FROM orders_service;
