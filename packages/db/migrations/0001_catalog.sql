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
CREATE TABLE "catalog"."idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"claim" text NOT NULL,
	"claimed_until" timestamp (3) with time zone NOT NULL,
	"subject" text,
	"attempt" integer,
	"answer" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "catalog"."products" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."products_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"description" text NOT NULL,
	"image_url" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"archived_at" timestamp (3) with time zone,
	"brand" text,
	"type" text DEFAULT 'physical' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"tax_category" text,
	"shipping_class" text,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"seo" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"options" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"max_per_order" integer,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "products_name" CHECK (length("catalog"."products"."name") between 1 and 200),
	CONSTRAINT "products_archived" CHECK (("catalog"."products"."status" = 'archived') = ("catalog"."products"."archived_at" is not null)),
	CONSTRAINT "products_max_per_order" CHECK ("catalog"."products"."max_per_order" >= 1)
);
--> statement-breakpoint
CREATE TABLE "catalog"."variants" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."variants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_id" bigint NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"sku" text,
	"barcode" text,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"price" bigint NOT NULL,
	"compare_at_price" bigint,
	"currency" char(3) NOT NULL,
	"weight_grams" integer,
	"inventory_policy" text DEFAULT 'deny' NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"opening_stock" bigint DEFAULT 0 NOT NULL,
	"available" bigint NOT NULL,
	"stock_sequence" bigint NOT NULL,
	"low_stock_threshold" bigint,
	"low_stock_version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "variants_sku_length" CHECK (length("catalog"."variants"."sku") between 1 and 100),
	CONSTRAINT "variants_price" CHECK ("catalog"."variants"."price" between 0 and 999999999999999),
	CONSTRAINT "variants_compare_at_price" CHECK ("catalog"."variants"."compare_at_price" between 0 and 999999999999999),
	CONSTRAINT "variants_opening_stock" CHECK ("catalog"."variants"."opening_stock" between 0 and 1000000000),
	CONSTRAINT "variants_weight" CHECK ("catalog"."variants"."weight_grams" >= 0),
	CONSTRAINT "variants_low_stock_threshold" CHECK ("catalog"."variants"."low_stock_threshold" >= 0)
);
--> statement-breakpoint
CREATE TABLE "catalog"."attributes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."attributes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"label" text NOT NULL,
	"type" text NOT NULL,
	"values" text[],
	"is_filterable" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "attributes_values" CHECK (("catalog"."attributes"."type" = 'list') = (coalesce(cardinality("catalog"."attributes"."values"), 0) > 0))
);
--> statement-breakpoint
CREATE TABLE "catalog"."categories" (
	"id" bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY (sequence name "catalog"."categories_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"parent_id" bigint,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"slug" text NOT NULL,
	"position" integer NOT NULL,
	"path" bigint[] NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "categories_sibling_name" UNIQUE NULLS NOT DISTINCT("parent_id","name_key"),
	CONSTRAINT "categories_name_length" CHECK (length("catalog"."categories"."name") between 1 and 100),
	CONSTRAINT "categories_depth" CHECK (cardinality("catalog"."categories"."path") between 1 and 8),
	CONSTRAINT "categories_path_ends" CHECK ("catalog"."categories"."path"[cardinality("catalog"."categories"."path")] = "catalog"."categories"."id"
        and "catalog"."categories"."path"[cardinality("catalog"."categories"."path") - 1] is not distinct from "catalog"."categories"."parent_id")
);
--> statement-breakpoint
CREATE TABLE "catalog"."collection_products" (
	"collection_id" bigint NOT NULL,
	"product_id" bigint NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "collection_products_collection_id_product_id_pk" PRIMARY KEY("collection_id","product_id")
);
--> statement-breakpoint
CREATE TABLE "catalog"."collections" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog"."collections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"kind" text NOT NULL,
	"rule_tags" text[],
	"rule_brands" text[],
	"rule_category_ids" bigint[],
	"rule_currency" char(3),
	"rule_price_min" bigint,
	"rule_price_max" bigint,
	"rule_in_stock" boolean,
	"rule_created_within_days" integer,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "collections_name_length" CHECK (length("catalog"."collections"."name") between 1 and 100),
	CONSTRAINT "collections_rule" CHECK (("catalog"."collections"."kind" = 'rule') = (num_nonnulls("catalog"."collections"."rule_tags", "catalog"."collections"."rule_brands", "catalog"."collections"."rule_category_ids",
        "catalog"."collections"."rule_price_min", "catalog"."collections"."rule_price_max", "catalog"."collections"."rule_in_stock", "catalog"."collections"."rule_created_within_days") > 0)),
	CONSTRAINT "collections_rule_currency" CHECK (("catalog"."collections"."rule_currency" is null) = ("catalog"."collections"."rule_price_min" is null and "catalog"."collections"."rule_price_max" is null)),
	CONSTRAINT "collections_rule_price" CHECK ("catalog"."collections"."rule_price_min" <= "catalog"."collections"."rule_price_max")
);
--> statement-breakpoint
CREATE TABLE "catalog"."product_categories" (
	"product_id" bigint NOT NULL,
	"category_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"is_listed" boolean DEFAULT true NOT NULL,
	CONSTRAINT "product_categories_product_id_category_id_pk" PRIMARY KEY("product_id","category_id")
);
--> statement-breakpoint
ALTER TABLE "catalog"."event_deliveries" ADD CONSTRAINT "event_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "catalog"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."variants" ADD CONSTRAINT "variants_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "catalog"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."categories" ADD CONSTRAINT "categories_parent_id_categories_id_fk" FOREIGN KEY ("parent_id") REFERENCES "catalog"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."collection_products" ADD CONSTRAINT "collection_products_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "catalog"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."collection_products" ADD CONSTRAINT "collection_products_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "catalog"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."product_categories" ADD CONSTRAINT "product_categories_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "catalog"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."product_categories" ADD CONSTRAINT "product_categories_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "catalog"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_deliveries_due" ON "catalog"."event_deliveries" USING btree ("consumer","next_attempt_at","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_order" ON "catalog"."event_deliveries" USING btree ("consumer","key","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_open" ON "catalog"."event_deliveries" USING btree ("status","event_id") WHERE status in ('pending', 'parked');--> statement-breakpoint
CREATE UNIQUE INDEX "events_change" ON "catalog"."events" USING btree ("key","type","sequence");--> statement-breakpoint
CREATE INDEX "events_age" ON "catalog"."events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "catalog"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_unanswered" ON "catalog"."idempotency_keys" USING btree ("subject") WHERE answer is null and subject is not null;--> statement-breakpoint
CREATE INDEX "products_newest" ON "catalog"."products" USING btree ("created_at","id") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "products_initial" ON "catalog"."products" USING btree (left(lower("name"), 1),"created_at","id") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "products_initials" ON "catalog"."products" USING btree (left(lower("name"), 2),"created_at","id") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "products_search" ON "catalog"."products" USING gin (("name" || ' ' || "description") gin_trgm_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "variants_of_product" ON "catalog"."variants" USING btree ("product_id","options") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "variants_sku" ON "catalog"."variants" USING btree ("sku") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "variants_low" ON "catalog"."variants" USING btree ("product_id","id") WHERE available <= low_stock_threshold and deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "attributes_key" ON "catalog"."attributes" USING btree ("key");--> statement-breakpoint
CREATE UNIQUE INDEX "categories_slug" ON "catalog"."categories" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "categories_name" ON "catalog"."categories" USING btree ("name_key");--> statement-breakpoint
CREATE INDEX "categories_siblings" ON "catalog"."categories" USING btree ("parent_id","position","id");--> statement-breakpoint
CREATE INDEX "categories_path" ON "catalog"."categories" USING gin ("path");--> statement-breakpoint
CREATE INDEX "collection_products_order" ON "catalog"."collection_products" USING btree ("collection_id","position","product_id");--> statement-breakpoint
CREATE INDEX "collection_products_product" ON "catalog"."collection_products" USING btree ("product_id");--> statement-breakpoint
CREATE UNIQUE INDEX "collections_slug" ON "catalog"."collections" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "product_categories_newest" ON "catalog"."product_categories" USING btree ("category_id","created_at","product_id") WHERE is_listed;
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
--> statement-breakpoint
-- A stock object begins with the opening stock whenever it is first needed, so the figure never changes.
CREATE FUNCTION catalog.refuse_opening_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the opening stock of a variant does not change' USING ERRCODE = 'restrict_violation'; END $$;
--> statement-breakpoint
CREATE TRIGGER opening_stock_unchanged BEFORE UPDATE OF opening_stock ON catalog.variants
FOR EACH ROW WHEN (OLD.opening_stock IS DISTINCT FROM NEW.opening_stock) EXECUTE FUNCTION catalog.refuse_opening_change();
