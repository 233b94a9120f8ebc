CREATE SCHEMA "orders";
--> statement-breakpoint
CREATE TABLE "orders"."buyer_counters" (
	"key" text PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"open_orders" integer NOT NULL,
	"held_units" bigint NOT NULL,
	"max_orders" integer,
	"max_units" bigint NOT NULL,
	"has_paid" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "buyer_counters_counts" CHECK ("orders"."buyer_counters"."open_orders" >= 0 and "orders"."buyer_counters"."held_units" >= 0),
	CONSTRAINT "buyer_counters_open_orders" CHECK ("orders"."buyer_counters"."open_orders" <= "orders"."buyer_counters"."max_orders"),
	CONSTRAINT "buyer_counters_held_units" CHECK ("orders"."buyer_counters"."scope" = 'address' or "orders"."buyer_counters"."held_units" <= "orders"."buyer_counters"."max_units"),
	CONSTRAINT "buyer_counters_address_units" CHECK ("orders"."buyer_counters"."scope" <> 'address' or "orders"."buyer_counters"."held_units" <= "orders"."buyer_counters"."max_units"),
	CONSTRAINT "buyer_counters_scope" CHECK ("orders"."buyer_counters"."scope" in ('account', 'email', 'address'))
);
--> statement-breakpoint
CREATE TABLE "orders"."idempotency_keys" (
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
CREATE TABLE "orders"."order_events" (
	"order_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "order_events_order_id_seq_pk" PRIMARY KEY("order_id","seq"),
	CONSTRAINT "order_events_seq" CHECK ("orders"."order_events"."seq" >= 1)
);
--> statement-breakpoint
CREATE TABLE "orders"."order_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"position" integer NOT NULL,
	"product_id" bigint NOT NULL,
	"variant_id" bigint NOT NULL,
	"sku" text,
	"options" jsonb NOT NULL,
	"name" text NOT NULL,
	"category" text,
	"image_url" text,
	"quantity" integer NOT NULL,
	"unit_price" bigint NOT NULL,
	"subtotal" bigint NOT NULL,
	"discount" bigint NOT NULL,
	"tax" bigint NOT NULL,
	"total" bigint NOT NULL,
	"adjustments" jsonb,
	"tax_lines" jsonb,
	CONSTRAINT "order_lines_of_order" UNIQUE("order_id","position"),
	CONSTRAINT "order_lines_quantity" CHECK ("orders"."order_lines"."quantity" >= 1),
	CONSTRAINT "order_lines_subtotal" CHECK ("orders"."order_lines"."subtotal" = "orders"."order_lines"."unit_price" * "orders"."order_lines"."quantity"),
	CONSTRAINT "order_lines_total" CHECK ("orders"."order_lines"."discount" between 0 and "orders"."order_lines"."subtotal" and "orders"."order_lines"."tax" >= 0
      and "orders"."order_lines"."total" in ("orders"."order_lines"."subtotal" - "orders"."order_lines"."discount", "orders"."order_lines"."subtotal" - "orders"."order_lines"."discount" + "orders"."order_lines"."tax"))
);
--> statement-breakpoint
CREATE TABLE "orders"."orders" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"claimed_at" timestamp (3) with time zone,
	"email" text,
	"customer_key" text,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"cancel_reason" text,
	"subtotal" bigint NOT NULL,
	"discount_total" bigint DEFAULT 0 NOT NULL,
	"shipping_total" bigint DEFAULT 0 NOT NULL,
	"tax_total" bigint DEFAULT 0 NOT NULL,
	"total" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"prices_include_tax" boolean DEFAULT false NOT NULL,
	"shipping" jsonb,
	"adjustments" jsonb,
	"tax_lines" jsonb,
	"tax_exemption" text,
	"tax_provider" text DEFAULT 'rates' NOT NULL,
	"tax_calculation_id" text,
	"vat_id" text,
	"shipping_address" jsonb,
	"billing_address" jsonb,
	"note" text,
	"cart_id" text,
	"ended_unpaid" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"stock_committed" boolean DEFAULT false NOT NULL,
	"counted_in" text[] DEFAULT '{}' NOT NULL,
	"counted_units" integer DEFAULT 0 NOT NULL,
	"payment_id" text,
	"captured_amount" bigint DEFAULT 0 NOT NULL,
	"refunded_amount" bigint DEFAULT 0 NOT NULL,
	"refund_failed" boolean,
	"disputed_amount" bigint,
	"charged_back_amount" bigint,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "orders_claimed" CHECK ("orders"."orders"."claimed_at" is null or ("orders"."orders"."user_id" is not null and "orders"."orders"."status" <> 'pending')),
	CONSTRAINT "orders_contact" CHECK ("orders"."orders"."user_id" is not null or "orders"."orders"."email" is not null),
	CONSTRAINT "orders_money" CHECK (0 <= "orders"."orders"."refunded_amount" and "orders"."orders"."refunded_amount" <= "orders"."orders"."captured_amount"
      and "orders"."orders"."captured_amount" <= "orders"."orders"."total"),
	CONSTRAINT "orders_total" CHECK ("orders"."orders"."total" between 0 and 999999999999),
	CONSTRAINT "orders_parts" CHECK ("orders"."orders"."total" = "orders"."orders"."subtotal" - "orders"."orders"."discount_total" + "orders"."orders"."shipping_total"
        + case when "orders"."orders"."prices_include_tax" then 0 else "orders"."orders"."tax_total" end
      and "orders"."orders"."subtotal" >= 0 and "orders"."orders"."shipping_total" >= 0 and "orders"."orders"."tax_total" >= 0
      and "orders"."orders"."discount_total" between 0 and "orders"."orders"."subtotal" + "orders"."orders"."shipping_total"),
	CONSTRAINT "orders_tax_exemption" CHECK ("orders"."orders"."tax_exemption" is null or "orders"."orders"."tax_total" = 0),
	CONSTRAINT "orders_tax_provider" CHECK ("orders"."orders"."tax_provider" in ('rates', 'stripe')
      and ("orders"."orders"."tax_provider" = 'stripe') = ("orders"."orders"."tax_calculation_id" is not null)),
	CONSTRAINT "orders_note" CHECK (length("orders"."orders"."note") between 1 and 2000),
	CONSTRAINT "orders_status" CHECK ("orders"."orders"."status" in ('pending', 'processing', 'shipped', 'delivered', 'cancelled')),
	CONSTRAINT "orders_payment_status" CHECK ("orders"."orders"."payment_status" in ('unpaid', 'authorized', 'paid', 'partially_refunded', 'refunded')),
	CONSTRAINT "orders_counted" CHECK ("orders"."orders"."counted_units" >= 0
      and ("orders"."orders"."status" = 'pending' or ("orders"."orders"."counted_in" = '{}' and "orders"."orders"."counted_units" = 0))),
	CONSTRAINT "orders_cancel_reason" CHECK (("orders"."orders"."status" = 'cancelled') = ("orders"."orders"."cancel_reason" is not null)),
	CONSTRAINT "orders_paid_before_processing" CHECK ("orders"."orders"."status" in ('pending', 'cancelled') or "orders"."orders"."payment_status" <> 'unpaid')
);
--> statement-breakpoint
CREATE TABLE "orders"."event_deliveries" (
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
	CONSTRAINT "event_deliveries_status" CHECK ("orders"."event_deliveries"."status" in ('pending', 'done', 'skipped', 'parked')),
	CONSTRAINT "event_deliveries_confirmed" CHECK (("orders"."event_deliveries"."status" in ('done', 'skipped')) = ("orders"."event_deliveries"."confirmed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "orders"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "orders"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"key" text NOT NULL,
	"sequence" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders"."shipping_options" (
	"id" text PRIMARY KEY NOT NULL,
	"zone_id" text NOT NULL,
	"name" text NOT NULL,
	"estimate" text,
	"is_pickup" boolean NOT NULL,
	"pricing" text NOT NULL,
	"prices" jsonb NOT NULL,
	"free_from" jsonb NOT NULL,
	"max_weight_grams" integer,
	"excluded_shipping_classes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "shipping_options_name" CHECK (length("orders"."shipping_options"."name") between 1 and 100),
	CONSTRAINT "shipping_options_pricing" CHECK ("orders"."shipping_options"."pricing" in ('flat', 'per_item', 'by_weight', 'by_subtotal')),
	CONSTRAINT "shipping_options_prices" CHECK (jsonb_typeof("orders"."shipping_options"."prices") = 'array' and "orders"."shipping_options"."prices" <> '[]'),
	CONSTRAINT "shipping_options_free_from" CHECK (jsonb_typeof("orders"."shipping_options"."free_from") = 'array'),
	CONSTRAINT "shipping_options_max_weight" CHECK ("orders"."shipping_options"."max_weight_grams" > 0)
);
--> statement-breakpoint
CREATE TABLE "orders"."shipping_zones" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"areas" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "shipping_zones_name" CHECK (length("orders"."shipping_zones"."name") between 1 and 100),
	CONSTRAINT "shipping_zones_areas_list" CHECK (jsonb_typeof("orders"."shipping_zones"."areas") = 'array')
);
--> statement-breakpoint
CREATE TABLE "orders"."tax_countries" (
	"country" text PRIMARY KEY NOT NULL,
	"prices_include_tax" boolean NOT NULL,
	"taxed_at" text NOT NULL,
	"allows_reverse_charge" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "tax_countries_country" CHECK ("orders"."tax_countries"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "tax_countries_taxed_at" CHECK ("orders"."tax_countries"."taxed_at" in ('destination', 'origin'))
);
--> statement-breakpoint
CREATE TABLE "orders"."tax_exemptions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"country" text,
	"reason" text NOT NULL,
	"valid_from" timestamp (3) with time zone,
	"valid_to" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tax_exemptions_country" CHECK ("orders"."tax_exemptions"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "tax_exemptions_reason" CHECK (length("orders"."tax_exemptions"."reason") between 1 and 200),
	CONSTRAINT "tax_exemptions_validity" CHECK ("orders"."tax_exemptions"."valid_from" < "orders"."tax_exemptions"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "orders"."tax_rates" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"regions" text[] NOT NULL,
	"postal_codes" jsonb NOT NULL,
	"tax_category" text,
	"rate" numeric NOT NULL,
	"priority" integer NOT NULL,
	"is_compound" boolean NOT NULL,
	"valid_from" timestamp (3) with time zone,
	"valid_to" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "tax_rates_name" CHECK (length("orders"."tax_rates"."name") between 1 and 100),
	CONSTRAINT "tax_rates_country" CHECK ("orders"."tax_rates"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "tax_rates_postal_codes" CHECK (jsonb_typeof("orders"."tax_rates"."postal_codes") = 'array'),
	CONSTRAINT "tax_rates_rate" CHECK ("orders"."tax_rates"."rate" >= 0 and "orders"."tax_rates"."rate" < 10 and scale("orders"."tax_rates"."rate") <= 6),
	CONSTRAINT "tax_rates_priority" CHECK ("orders"."tax_rates"."priority" between 1 and 100),
	CONSTRAINT "tax_rates_validity" CHECK ("orders"."tax_rates"."valid_from" < "orders"."tax_rates"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "orders"."promotion_codes" (
	"code" text PRIMARY KEY NOT NULL,
	"promotion_id" text NOT NULL,
	"batch_id" text,
	"position" integer,
	"used_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "promotion_codes_batch" CHECK (("orders"."promotion_codes"."batch_id" is null) = ("orders"."promotion_codes"."position" is null)),
	CONSTRAINT "promotion_codes_single_use" CHECK ("orders"."promotion_codes"."used_by" is null or "orders"."promotion_codes"."batch_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "orders"."promotion_counters" (
	"promotion_id" text NOT NULL,
	"customer_key" text NOT NULL,
	"uses" integer NOT NULL,
	"amount" bigint NOT NULL,
	"max_uses" integer,
	"max_amount" bigint,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "promotion_counters_promotion_id_customer_key_pk" PRIMARY KEY("promotion_id","customer_key"),
	CONSTRAINT "promotion_counters_counts" CHECK ("orders"."promotion_counters"."uses" >= 0 and "orders"."promotion_counters"."amount" >= 0),
	CONSTRAINT "promotion_counters_usage_limit" CHECK ("orders"."promotion_counters"."customer_key" <> '' or "orders"."promotion_counters"."uses" <= "orders"."promotion_counters"."max_uses"),
	CONSTRAINT "promotion_counters_per_customer" CHECK ("orders"."promotion_counters"."customer_key" = '' or "orders"."promotion_counters"."uses" <= "orders"."promotion_counters"."max_uses"),
	CONSTRAINT "promotion_counters_budget" CHECK ("orders"."promotion_counters"."amount" <= "orders"."promotion_counters"."max_amount")
);
--> statement-breakpoint
CREATE TABLE "orders"."promotion_uses" (
	"order_id" text NOT NULL,
	"promotion_id" text NOT NULL,
	"customer_key" text NOT NULL,
	"code" text,
	"is_single_use" boolean NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"returned_at" timestamp (3) with time zone,
	CONSTRAINT "promotion_uses_order_id_promotion_id_pk" PRIMARY KEY("order_id","promotion_id"),
	CONSTRAINT "promotion_uses_amount" CHECK ("orders"."promotion_uses"."amount" >= 0),
	CONSTRAINT "promotion_uses_code" CHECK (not "orders"."promotion_uses"."is_single_use" or "orders"."promotion_uses"."code" is not null)
);
--> statement-breakpoint
CREATE TABLE "orders"."promotions" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"code" text,
	"has_single_use_codes" boolean DEFAULT false NOT NULL,
	"type" text NOT NULL,
	"value" text,
	"amounts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"tiers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"buy" jsonb,
	"get" jsonb,
	"applies_to" jsonb NOT NULL,
	"conditions" jsonb NOT NULL,
	"usage_limit" integer,
	"usage_limit_per_customer" integer,
	"budget" bigint,
	"budget_currency" char(3),
	"starts_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone,
	"priority" integer NOT NULL,
	"stackable" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "promotions_name_length" CHECK (length("orders"."promotions"."name") between 1 and 100),
	CONSTRAINT "promotions_type" CHECK (("orders"."promotions"."type" = 'percentage') = ("orders"."promotions"."value" is not null)
      and ("orders"."promotions"."type" = 'fixed_amount') = ("orders"."promotions"."amounts" <> '[]')
      and ("orders"."promotions"."type" = 'tiered') = ("orders"."promotions"."tiers" <> '[]')
      and ("orders"."promotions"."type" = 'buy_x_get_y') = ("orders"."promotions"."buy" is not null)
      and ("orders"."promotions"."type" = 'buy_x_get_y') = ("orders"."promotions"."get" is not null)),
	CONSTRAINT "promotions_value" CHECK ("orders"."promotions"."value"::numeric > 0 and "orders"."promotions"."value"::numeric <= 100),
	CONSTRAINT "promotions_limits" CHECK ("orders"."promotions"."usage_limit" >= 1 and "orders"."promotions"."usage_limit_per_customer" >= 1),
	CONSTRAINT "promotions_budget" CHECK (("orders"."promotions"."budget" is null) = ("orders"."promotions"."budget_currency" is null)
      and ("orders"."promotions"."budget" is null or "orders"."promotions"."budget" between 1 and 999999999999999)),
	CONSTRAINT "promotions_dates" CHECK ("orders"."promotions"."ends_at" > "orders"."promotions"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "orders"."customer_group_members" (
	"user_id" text NOT NULL,
	"group_id" text NOT NULL,
	"is_member" boolean NOT NULL,
	"sequence" bigint NOT NULL,
	CONSTRAINT "customer_group_members_user_id_group_id_pk" PRIMARY KEY("user_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "orders"."customer_groups" (
	"id" text PRIMARY KEY NOT NULL,
	"is_deleted" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders"."token_requests" (
	"key" text PRIMARY KEY NOT NULL,
	"requests" integer NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders"."verified_emails" (
	"customer_key" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"verified_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders"."carts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"email" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"abandoned_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "orders"."money_entries" (
	"key" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"payment_id" text,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "money_entries_amount" CHECK ("orders"."money_entries"."amount" > 0 or ("orders"."money_entries"."amount" = 0 and "orders"."money_entries"."payment_id" is null)),
	CONSTRAINT "money_entries_kind" CHECK ("orders"."money_entries"."kind" in ('captured', 'refunded', 'refund_returned', 'disputed', 'dispute_won'))
);
--> statement-breakpoint
ALTER TABLE "orders"."order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."event_deliveries" ADD CONSTRAINT "event_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "orders"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."shipping_options" ADD CONSTRAINT "shipping_options_zone_id_shipping_zones_id_fk" FOREIGN KEY ("zone_id") REFERENCES "orders"."shipping_zones"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."promotion_codes" ADD CONSTRAINT "promotion_codes_used_by_orders_id_fk" FOREIGN KEY ("used_by") REFERENCES "orders"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."promotion_counters" ADD CONSTRAINT "promotion_counters_promotion_id_promotions_id_fk" FOREIGN KEY ("promotion_id") REFERENCES "orders"."promotions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."promotion_uses" ADD CONSTRAINT "promotion_uses_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."promotion_uses" ADD CONSTRAINT "promotion_uses_promotion_id_promotions_id_fk" FOREIGN KEY ("promotion_id") REFERENCES "orders"."promotions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."customer_group_members" ADD CONSTRAINT "customer_group_members_group_id_customer_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "orders"."customer_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders"."money_entries" ADD CONSTRAINT "money_entries_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "buyer_counters_unused" ON "orders"."buyer_counters" USING btree ("updated_at") WHERE open_orders = 0 and not has_paid;--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "orders"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_unanswered" ON "orders"."idempotency_keys" USING btree ("subject") WHERE answer is null and subject is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "order_events_refund" ON "orders"."order_events" USING btree ((data->>'refundId')) WHERE type = 'refunded';--> statement-breakpoint
CREATE UNIQUE INDEX "order_events_refund_returned" ON "orders"."order_events" USING btree ((data->>'refundId')) WHERE type = 'refund_returned';--> statement-breakpoint
CREATE INDEX "orders_of_user" ON "orders"."orders" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_of_customer" ON "orders"."orders" USING btree ("customer_key") WHERE customer_key is not null and not ended_unpaid;--> statement-breakpoint
CREATE UNIQUE INDEX "orders_of_cart" ON "orders"."orders" USING btree ("cart_id") WHERE cart_id is not null and not ended_unpaid;--> statement-breakpoint
CREATE INDEX "orders_newest" ON "orders"."orders" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "orders_of_status" ON "orders"."orders" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_expiring" ON "orders"."orders" USING btree ("expires_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "orders_unsold" ON "orders"."orders" USING btree ("updated_at") WHERE status = 'processing' and not stock_committed;--> statement-breakpoint
CREATE INDEX "event_deliveries_due" ON "orders"."event_deliveries" USING btree ("consumer","next_attempt_at","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_order" ON "orders"."event_deliveries" USING btree ("consumer","key","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_open" ON "orders"."event_deliveries" USING btree ("status","event_id") WHERE status in ('pending', 'parked');--> statement-breakpoint
CREATE UNIQUE INDEX "events_change" ON "orders"."events" USING btree ("key","type","sequence");--> statement-breakpoint
CREATE INDEX "events_age" ON "orders"."events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "shipping_options_of_zone" ON "orders"."shipping_options" USING btree ("zone_id","id");--> statement-breakpoint
CREATE INDEX "tax_exemptions_of_user" ON "orders"."tax_exemptions" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "tax_rates_of_country" ON "orders"."tax_rates" USING btree ("country","id");--> statement-breakpoint
CREATE UNIQUE INDEX "promotion_codes_shared" ON "orders"."promotion_codes" USING btree ("promotion_id") WHERE batch_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "promotion_codes_of_promotion" ON "orders"."promotion_codes" USING btree ("promotion_id","batch_id","position") WHERE batch_id is not null;--> statement-breakpoint
CREATE INDEX "promotion_uses_standing" ON "orders"."promotion_uses" USING btree ("promotion_id","customer_key") WHERE returned_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "promotion_uses_single_use" ON "orders"."promotion_uses" USING btree ("code") WHERE is_single_use and returned_at is null;--> statement-breakpoint
CREATE INDEX "promotions_automatic" ON "orders"."promotions" USING btree ("ends_at") WHERE code is null and not has_single_use_codes and deleted_at is null;--> statement-breakpoint
CREATE INDEX "customer_group_members_group" ON "orders"."customer_group_members" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "token_requests_age" ON "orders"."token_requests" USING btree ("since");--> statement-breakpoint
CREATE INDEX "verified_emails_of_user" ON "orders"."verified_emails" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "carts_of_user" ON "orders"."carts" USING btree ("user_id","created_at","id") WHERE user_id is not null and ended_at is null;--> statement-breakpoint
CREATE INDEX "carts_of_email" ON "orders"."carts" USING btree ("email") WHERE email is not null;--> statement-breakpoint
CREATE INDEX "carts_age" ON "orders"."carts" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "carts_idle" ON "orders"."carts" USING btree ("changed_at") WHERE email is not null and ended_at is null and completed_at is null and abandoned_at is null;--> statement-breakpoint
CREATE INDEX "money_entries_at" ON "orders"."money_entries" USING btree ("at");
--> statement-breakpoint
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
