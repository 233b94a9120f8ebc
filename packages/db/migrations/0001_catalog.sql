CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE SCHEMA "catalog";
--> statement-breakpoint
CREATE TABLE "catalog"."event_deliveries" (
	"event_id" bigint NOT NULL,
	"consumer" text NOT NULL,
	"key" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_failure" text,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	CONSTRAINT "event_deliveries_event_id_consumer_pk" PRIMARY KEY("event_id","consumer"),
	CONSTRAINT "event_deliveries_status" CHECK ("catalog"."event_deliveries"."status" in ('pending', 'done', 'skipped', 'parked')),
	CONSTRAINT "event_deliveries_confirmed" CHECK (("catalog"."event_deliveries"."status" in ('done', 'skipped')) = ("catalog"."event_deliveries"."confirmed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "catalog"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"key" text NOT NULL,
	"sequence" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog"."products" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."products_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"description" text NOT NULL,
	"category" text,
	"image_url" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"max_per_order" integer,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "products_name" CHECK (length("catalog"."products"."name") between 1 and 200),
	CONSTRAINT "products_max_per_order" CHECK ("catalog"."products"."max_per_order" >= 1)
);
--> statement-breakpoint
CREATE TABLE "catalog"."variants" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."variants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_id" bigint NOT NULL,
	"price" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"available" bigint NOT NULL,
	"stock_sequence" bigint NOT NULL,
	"low_stock_threshold" bigint,
	"low_stock_version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "variants_price" CHECK ("catalog"."variants"."price" between 0 and 999999999999999),
	CONSTRAINT "variants_available" CHECK ("catalog"."variants"."available" >= 0),
	CONSTRAINT "variants_low_stock_threshold" CHECK ("catalog"."variants"."low_stock_threshold" >= 0)
);
--> statement-breakpoint
ALTER TABLE "catalog"."event_deliveries" ADD CONSTRAINT "event_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "catalog"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."variants" ADD CONSTRAINT "variants_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "catalog"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_deliveries_due" ON "catalog"."event_deliveries" USING btree ("consumer","next_attempt_at","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_order" ON "catalog"."event_deliveries" USING btree ("consumer","key","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_parked" ON "catalog"."event_deliveries" USING btree ("event_id") WHERE status = 'parked';--> statement-breakpoint
CREATE UNIQUE INDEX "events_change" ON "catalog"."events" USING btree ("key","type","sequence");--> statement-breakpoint
CREATE INDEX "events_age" ON "catalog"."events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "products_newest" ON "catalog"."products" USING btree ("created_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "products_category_newest" ON "catalog"."products" USING btree ("category","created_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "products_initial" ON "catalog"."products" USING btree (left(lower("name"), 1),"created_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "products_initials" ON "catalog"."products" USING btree (left(lower("name"), 2),"created_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "products_search" ON "catalog"."products" USING gin (("name" || ' ' || "description") gin_trgm_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "variants_product" ON "catalog"."variants" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "variants_low" ON "catalog"."variants" USING btree ("product_id") WHERE available <= low_stock_threshold;
--> statement-breakpoint
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
