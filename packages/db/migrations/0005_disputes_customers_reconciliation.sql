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
	"walk" text PRIMARY KEY NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"after" text,
	"next_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "stripe_customer_id" text;--> statement-breakpoint
ALTER TABLE "payments"."payments" ADD COLUMN "saves_method" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "payments"."stripe_events" ADD COLUMN "flag" text;--> statement-breakpoint
ALTER TABLE "payments"."discrepancies" ADD CONSTRAINT "discrepancies_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments"."disputes" ADD CONSTRAINT "disputes_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "customers_stripe_customer" ON "payments"."customers" USING btree ("stripe_customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "discrepancies_subject" ON "payments"."discrepancies" USING btree ("subject","kind");--> statement-breakpoint
CREATE INDEX "discrepancies_open" ON "payments"."discrepancies" USING btree ("id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "disputes_newest" ON "payments"."disputes" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "disputes_of_payment" ON "payments"."disputes" USING btree ("payment_id","created_at");--> statement-breakpoint
CREATE INDEX "stripe_events_flagged" ON "payments"."stripe_events" USING btree ("received_at","id") WHERE flag is not null;