CREATE SCHEMA "payments";
--> statement-breakpoint
CREATE TABLE "payments"."declines" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"declined_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments"."ledger" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payments"."ledger_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"debit" text NOT NULL,
	"credit" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"payment_id" text,
	"refund_id" text,
	"dispute_id" text,
	"key" text NOT NULL,
	CONSTRAINT "ledger_amount" CHECK ("payments"."ledger"."amount" > 0),
	CONSTRAINT "ledger_accounts" CHECK ("payments"."ledger"."debit" <> "payments"."ledger"."credit")
);
--> statement-breakpoint
CREATE TABLE "payments"."idempotency_keys" (
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
CREATE TABLE "payments"."payments" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"user_id" text,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"method" text DEFAULT 'card' NOT NULL,
	"state" text NOT NULL,
	"capture_method" text DEFAULT 'automatic' NOT NULL,
	"captured_amount" bigint DEFAULT 0 NOT NULL,
	"refunded_amount" bigint DEFAULT 0 NOT NULL,
	"credited_amount" bigint DEFAULT 0 NOT NULL,
	"reserved_amount" bigint DEFAULT 0 NOT NULL,
	"capture_amount" bigint,
	"capture_is_final" boolean DEFAULT true NOT NULL,
	"authorized_at" timestamp (3) with time zone,
	"intent_id" text,
	"client_secret" text,
	"charge_no" integer DEFAULT 1 NOT NULL,
	"attempt" integer NOT NULL,
	"attempt_method" text,
	"attempt_until" timestamp (3) with time zone,
	"decline_code" text,
	"observed_at" timestamp (3) with time zone NOT NULL,
	"duplicate" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"stripe_customer_id" text,
	"tax_calculation_id" text,
	"saves_method" boolean DEFAULT false NOT NULL,
	CONSTRAINT "payments_amount" CHECK ("payments"."payments"."amount" > 0),
	CONSTRAINT "payments_state" CHECK ("payments"."payments"."state" in ('starting', 'requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture', 'processing', 'succeeded', 'canceled')),
	CONSTRAINT "payments_method" CHECK ("payments"."payments"."method" = 'card' or ("payments"."payments"."method" = 'gift_card' and "payments"."payments"."state" = 'succeeded' and "payments"."payments"."intent_id" is null)),
	CONSTRAINT "payments_credited" CHECK ("payments"."payments"."credited_amount" between 0 and "payments"."payments"."refunded_amount"),
	CONSTRAINT "payments_capture_method" CHECK ("payments"."payments"."capture_method" in ('automatic', 'manual', 'per_shipment')),
	CONSTRAINT "payments_captured" CHECK ("payments"."payments"."captured_amount" between 0 and "payments"."payments"."amount"),
	CONSTRAINT "payments_capture_amount" CHECK ("payments"."payments"."capture_amount" between 0 and "payments"."payments"."amount" and ("payments"."payments"."capture_amount" > 0 or "payments"."payments"."capture_is_final")),
	CONSTRAINT "payments_refunded" CHECK ("payments"."payments"."refunded_amount" >= 0 and "payments"."payments"."reserved_amount" >= 0 and "payments"."payments"."refunded_amount" + "payments"."payments"."reserved_amount" <= "payments"."payments"."captured_amount")
);
--> statement-breakpoint
CREATE TABLE "payments"."event_deliveries" (
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
	CONSTRAINT "event_deliveries_status" CHECK ("payments"."event_deliveries"."status" in ('pending', 'done', 'skipped', 'parked')),
	CONSTRAINT "event_deliveries_confirmed" CHECK (("payments"."event_deliveries"."status" in ('done', 'skipped')) = ("payments"."event_deliveries"."confirmed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "payments"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payments"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"key" text NOT NULL,
	"sequence" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments"."refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"order_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"state" text NOT NULL,
	"destination" text DEFAULT 'card' NOT NULL,
	"part_of" text,
	"stripe_refund_id" text,
	"dedup_key" text NOT NULL,
	"reason" text NOT NULL,
	"actor" jsonb DEFAULT '{"kind":"system"}'::jsonb NOT NULL,
	"failure" text,
	"lease_until" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refunds_amount" CHECK ("payments"."refunds"."amount" > 0),
	CONSTRAINT "refunds_state" CHECK ("payments"."refunds"."state" in ('pending', 'succeeded', 'failed')),
	CONSTRAINT "refunds_destination" CHECK ("payments"."refunds"."destination" in ('card', 'gift_cards', 'store_credit', 'given')
      and ("payments"."refunds"."destination" = 'card' or "payments"."refunds"."stripe_refund_id" is null))
);
--> statement-breakpoint
CREATE TABLE "payments"."stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"intent_id" text,
	"outcome" text NOT NULL,
	"flag" text,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments"."customers" (
	"user_id" text PRIMARY KEY NOT NULL,
	"stripe_customer_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments"."discrepancies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payments"."discrepancies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"payment_id" text,
	"stripe" text,
	"shop" text,
	"found_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "payments"."disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"evidence_due_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"observed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "disputes_amount" CHECK ("payments"."disputes"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "payments"."reconciliations" (
	"list" text PRIMARY KEY NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"after" text,
	"next_at" timestamp (3) with time zone NOT NULL,
	"leased_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "payments"."tax_records" (
	"reference" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"payment_id" text NOT NULL,
	"reverses" text,
	"calculation_id" text,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"state" text NOT NULL,
	"stripe_id" text,
	"failure" text,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tax_records_amount" CHECK ("payments"."tax_records"."amount" > 0),
	CONSTRAINT "tax_records_kind" CHECK ("payments"."tax_records"."kind" in ('sale', 'uncaptured', 'refund', 'refund_returned')
      and ("payments"."tax_records"."kind" = 'sale') = ("payments"."tax_records"."calculation_id" is not null)
      and ("payments"."tax_records"."kind" = 'sale') = ("payments"."tax_records"."reverses" is null)),
	CONSTRAINT "tax_records_state" CHECK ("payments"."tax_records"."state" in ('pending', 'recorded', 'refused')
      and ("payments"."tax_records"."state" = 'recorded') = ("payments"."tax_records"."stripe_id" is not null)
      and ("payments"."tax_records"."state" = 'refused') = ("payments"."tax_records"."failure" is not null))
);
--> statement-breakpoint
CREATE TABLE "payments"."erasures" (
	"user_id" text PRIMARY KEY NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "payments"."declines" ADD CONSTRAINT "declines_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."ledger" ADD CONSTRAINT "ledger_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."event_deliveries" ADD CONSTRAINT "event_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "payments"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."refunds" ADD CONSTRAINT "refunds_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."refunds" ADD CONSTRAINT "refunds_part_of_refunds_id_fk" FOREIGN KEY ("part_of") REFERENCES "payments"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."discrepancies" ADD CONSTRAINT "discrepancies_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."disputes" ADD CONSTRAINT "disputes_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."tax_records" ADD CONSTRAINT "tax_records_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."tax_records" ADD CONSTRAINT "tax_records_reverses_tax_records_reference_fk" FOREIGN KEY ("reverses") REFERENCES "payments"."tax_records"("reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "declines_of_order" ON "payments"."declines" USING btree ("order_id","declined_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_key" ON "payments"."ledger" USING btree ("key");--> statement-breakpoint
CREATE INDEX "ledger_of_payment" ON "payments"."ledger" USING btree ("payment_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "payments"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_unanswered" ON "payments"."idempotency_keys" USING btree ("subject") WHERE answer is null and subject is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_per_charge" ON "payments"."payments" USING btree ("order_id","charge_no") WHERE state <> 'canceled' and not duplicate and method = 'card';--> statement-breakpoint
CREATE UNIQUE INDEX "payments_gift_card" ON "payments"."payments" USING btree ("order_id") WHERE method = 'gift_card';--> statement-breakpoint
CREATE UNIQUE INDEX "payments_intent" ON "payments"."payments" USING btree ("intent_id");--> statement-breakpoint
CREATE INDEX "payments_of_order" ON "payments"."payments" USING btree ("order_id","created_at");--> statement-breakpoint
CREATE INDEX "payments_of_user" ON "payments"."payments" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "payments_under_way" ON "payments"."payments" USING btree ("attempt_until") WHERE attempt_until is not null;--> statement-breakpoint
CREATE INDEX "payments_open" ON "payments"."payments" USING btree ("updated_at") WHERE state not in ('starting', 'succeeded', 'canceled');--> statement-breakpoint
CREATE INDEX "event_deliveries_due" ON "payments"."event_deliveries" USING btree ("consumer","next_attempt_at","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_order" ON "payments"."event_deliveries" USING btree ("consumer","key","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_open" ON "payments"."event_deliveries" USING btree ("status","event_id") WHERE status in ('pending', 'parked');--> statement-breakpoint
CREATE UNIQUE INDEX "events_change" ON "payments"."events" USING btree ("key","type","sequence");--> statement-breakpoint
CREATE INDEX "events_age" ON "payments"."events" USING btree ("created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_dedup_key" ON "payments"."refunds" USING btree ("payment_id","dedup_key");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_stripe_refund" ON "payments"."refunds" USING btree ("stripe_refund_id");--> statement-breakpoint
CREATE INDEX "refunds_of_payment" ON "payments"."refunds" USING btree ("payment_id","created_at","id");--> statement-breakpoint
CREATE INDEX "refunds_parts" ON "payments"."refunds" USING btree ("part_of") WHERE part_of is not null;--> statement-breakpoint
CREATE INDEX "refunds_pending" ON "payments"."refunds" USING btree ("next_attempt_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "stripe_events_flagged" ON "payments"."stripe_events" USING btree ("received_at","id") WHERE flag is not null;--> statement-breakpoint
CREATE INDEX "stripe_events_age" ON "payments"."stripe_events" USING btree ("received_at") WHERE flag is null;--> statement-breakpoint
CREATE UNIQUE INDEX "customers_stripe_customer" ON "payments"."customers" USING btree ("stripe_customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "discrepancies_subject" ON "payments"."discrepancies" USING btree ("subject","kind");--> statement-breakpoint
CREATE INDEX "discrepancies_open" ON "payments"."discrepancies" USING btree ("id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "disputes_newest" ON "payments"."disputes" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "disputes_of_payment" ON "payments"."disputes" USING btree ("payment_id","created_at");--> statement-breakpoint
CREATE INDEX "tax_records_due" ON "payments"."tax_records" USING btree ("next_attempt_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "erasures_due" ON "payments"."erasures" USING btree ("next_at") WHERE ended_at is null;
--> statement-breakpoint
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
