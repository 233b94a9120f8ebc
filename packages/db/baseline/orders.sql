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
-- The history of an order is append-only.
REVOKE UPDATE, DELETE ON orders.order_events FROM orders_service;
--> statement-breakpoint
-- Reports rely on every movement of money.
REVOKE DELETE ON orders.money_entries FROM orders_service;
--> statement-breakpoint
-- The balance of a gift card is the sum of its entries.
REVOKE UPDATE, DELETE ON orders.gift_card_entries FROM orders_service;
--> statement-breakpoint
REVOKE DELETE ON orders.gift_cards FROM orders_service;
