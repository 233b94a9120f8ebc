CREATE TABLE "payments"."ledger" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payments"."ledger_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"debit" text NOT NULL,
	"credit" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"payment_id" text NOT NULL,
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
	"refund_id" text,
	"payment_id" text,
	"attempt" integer,
	"answer" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
ALTER TABLE "payments"."payments" DROP CONSTRAINT "payments_state";--> statement-breakpoint
ALTER TABLE "payments"."payments" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "capture_method" text DEFAULT 'automatic' NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "captured_amount" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "refunded_amount" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "reserved_amount" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "capture_amount" bigint;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "authorized_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "payments"."refunds" ADD COLUMN "actor" jsonb DEFAULT '{"kind":"system"}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."refunds" ADD COLUMN "why" text;--> statement-breakpoint
ALTER TABLE "payments"."refunds" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "payments"."refunds" ADD COLUMN "lease_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "payments"."ledger" ADD CONSTRAINT "ledger_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."idempotency_keys" ADD CONSTRAINT "idempotency_keys_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "payments"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."idempotency_keys" ADD CONSTRAINT "idempotency_keys_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_key" ON "payments"."ledger" USING btree ("key");--> statement-breakpoint
CREATE INDEX "ledger_of_payment" ON "payments"."ledger" USING btree ("payment_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "payments"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_unanswered" ON "payments"."idempotency_keys" USING btree ("payment_id") WHERE answer is null and payment_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_stripe_refund" ON "payments"."refunds" USING btree ("stripe_refund_id");--> statement-breakpoint
CREATE INDEX "refunds_of_payment" ON "payments"."refunds" USING btree ("payment_id","created_at","id");--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD CONSTRAINT "payments_capture_method" CHECK ("payments"."payments"."capture_method" in ('automatic', 'manual'));--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD CONSTRAINT "payments_captured" CHECK ("payments"."payments"."captured_amount" between 0 and "payments"."payments"."amount");--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD CONSTRAINT "payments_capture_amount" CHECK ("payments"."payments"."capture_amount" between 1 and "payments"."payments"."amount");--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD CONSTRAINT "payments_given_back" CHECK ("payments"."payments"."refunded_amount" >= 0 and "payments"."payments"."reserved_amount" >= 0 and "payments"."payments"."refunded_amount" + "payments"."payments"."reserved_amount" <= "payments"."payments"."captured_amount");--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD CONSTRAINT "payments_state" CHECK ("payments"."payments"."state" in ('starting', 'requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture', 'processing', 'succeeded', 'canceled'));--> statement-breakpoint
-- By hand from here. What was captured and given back before there were amounts.
UPDATE payments.payments p SET
  captured_amount = p.amount,
  refunded_amount = (SELECT coalesce(sum(amount), 0) FROM payments.refunds r WHERE r.payment_id = p.id AND r.state = 'succeeded'),
  reserved_amount = (SELECT coalesce(sum(amount), 0) FROM payments.refunds r WHERE r.payment_id = p.id AND r.state = 'pending')
WHERE p.state = 'succeeded';
--> statement-breakpoint
INSERT INTO payments.ledger (at, debit, credit, amount, currency, payment_id, key)
SELECT updated_at, 'stripe', 'sales', amount, currency, id, 'captured:' || id FROM payments.payments WHERE state = 'succeeded';
--> statement-breakpoint
INSERT INTO payments.ledger (at, debit, credit, amount, currency, payment_id, refund_id, key)
SELECT created_at, 'refunds', 'refunds_due', amount, currency, payment_id, id, 'refund_reserved:' || id FROM payments.refunds
UNION ALL
SELECT updated_at, 'refunds_due', CASE state WHEN 'succeeded' THEN 'stripe' ELSE 'refunds' END, amount, currency, payment_id, id,
       'refund_' || state || ':' || id FROM payments.refunds WHERE state <> 'pending';
--> statement-breakpoint
-- What orders has not heard of yet, in the words it is told in from now on.
UPDATE payments.outbox SET payload = payload || jsonb_build_object('captured', payload->'amount')
WHERE kind = 'payment.captured' AND confirmed_at IS NULL;
--> statement-breakpoint
UPDATE payments.outbox o SET payload = o.payload || jsonb_build_object(
  'refundId', r.id, 'amount', r.amount, 'captured', p.captured_amount, 'refunded', p.refunded_amount,
  'reason', r.reason, 'actor', r.actor)
FROM payments.refunds r JOIN payments.payments p ON p.id = r.payment_id
WHERE o.kind = 'payment.refunded' AND o.confirmed_at IS NULL AND o.key = r.id;
--> statement-breakpoint
-- The ledger is append-only: not by the service's role, and by nobody in passing.
REVOKE UPDATE, DELETE, TRUNCATE ON payments.ledger FROM payments_service;
--> statement-breakpoint
CREATE FUNCTION payments.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.ledger
FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();
