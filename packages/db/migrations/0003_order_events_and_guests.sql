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
ALTER TABLE "orders"."orders" DROP CONSTRAINT "orders_payment_status";--> statement-breakpoint
ALTER TABLE "orders"."orders" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "orders"."orders" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "orders"."orders" ADD COLUMN "captured_amount" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders"."orders" ADD COLUMN "refunded_amount" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders"."order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "order_events_refund" ON "orders"."order_events" USING btree ((data->>'refundId')) WHERE type = 'refunded';--> statement-breakpoint
CREATE INDEX "orders_unsold" ON "orders"."orders" USING btree ("updated_at") WHERE status = 'processing' and not stock_committed;--> statement-breakpoint
ALTER TABLE "orders"."orders" ADD CONSTRAINT "orders_contact" CHECK ("orders"."orders"."user_id" is not null or "orders"."orders"."email" is not null);--> statement-breakpoint
ALTER TABLE "orders"."orders" ADD CONSTRAINT "orders_money" CHECK (0 <= "orders"."orders"."refunded_amount" and "orders"."orders"."refunded_amount" <= "orders"."orders"."captured_amount"
      and "orders"."orders"."captured_amount" <= "orders"."orders"."total");--> statement-breakpoint
ALTER TABLE "orders"."orders" ADD CONSTRAINT "orders_payment_status" CHECK ("orders"."orders"."payment_status" in ('unpaid', 'authorized', 'paid', 'partially_refunded', 'refunded'));--> statement-breakpoint
-- What has happened stays as it was written: the default privileges of 0001 allow more.
REVOKE UPDATE, DELETE ON "orders"."order_events" FROM orders_service;--> statement-breakpoint
-- Orders of before: what was paid was paid in whole, and so was what was given back. Of their events the first is known.
UPDATE "orders"."orders" SET "captured_amount" = "total", "refunded_amount" = CASE WHEN "payment_status" = 'refunded' THEN "total" ELSE 0 END
WHERE "payment_status" IN ('paid', 'refunded');--> statement-breakpoint
INSERT INTO "orders"."order_events" ("order_id", "seq", "type", "at", "actor", "data")
SELECT "id", 1, 'placed', "created_at", jsonb_build_object('kind', 'customer', 'userId', "user_id"), jsonb_build_object('amount', "total")
FROM "orders"."orders";
