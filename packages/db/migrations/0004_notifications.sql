CREATE SCHEMA "notifications";
--> statement-breakpoint
CREATE TABLE "notifications"."email_templates" (
	"name" text NOT NULL,
	"locale" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"author" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "email_templates_name_locale_version_pk" PRIMARY KEY("name","locale","version"),
	CONSTRAINT "email_templates_status" CHECK ("notifications"."email_templates"."status" in ('draft', 'published', 'retired')),
	CONSTRAINT "email_templates_version" CHECK ("notifications"."email_templates"."version" >= 1),
	CONSTRAINT "email_templates_size" CHECK (length("notifications"."email_templates"."html") <= 200000 and length("notifications"."email_templates"."text") <= 100000)
);
--> statement-breakpoint
CREATE TABLE "notifications"."idempotency_keys" (
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
CREATE TABLE "notifications"."live_tickets" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"topics" text[] NOT NULL,
	"credential" jsonb,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "live_tickets_credential" CHECK ("notifications"."live_tickets"."credential"->>'kind' in ('session', 'api_key', 'order_token'))
);
--> statement-breakpoint
CREATE TABLE "notifications"."live_topics" (
	"topic" text PRIMARY KEY NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications"."mails" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"event_id" bigint NOT NULL,
	"occasion" text NOT NULL,
	"template" text NOT NULL,
	"recipient" text NOT NULL,
	"address_hash" text NOT NULL,
	"status" text NOT NULL,
	"lease_until" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 1 NOT NULL,
	"provider_id" text,
	"failure" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mails_status" CHECK ("notifications"."mails"."status" in ('queued', 'sent', 'suppressed', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "notifications"."event_deliveries" (
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
	CONSTRAINT "event_deliveries_status" CHECK ("notifications"."event_deliveries"."status" in ('pending', 'done', 'skipped', 'parked')),
	CONSTRAINT "event_deliveries_confirmed" CHECK (("notifications"."event_deliveries"."status" in ('done', 'skipped')) = ("notifications"."event_deliveries"."confirmed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "notifications"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "notifications"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"key" text NOT NULL,
	"sequence" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications"."suppressions" (
	"address_hash" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "suppressions_reason" CHECK ("notifications"."suppressions"."reason" in ('bounced', 'complained'))
);
--> statement-breakpoint
CREATE TABLE "notifications"."webhook_deliveries" (
	"endpoint_id" text NOT NULL,
	"message_id" text NOT NULL,
	"key" text NOT NULL,
	"position" bigint NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"response_status" integer,
	"response_body" text,
	"duration_ms" integer,
	"failure" text,
	"history" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "webhook_deliveries_endpoint_id_message_id_pk" PRIMARY KEY("endpoint_id","message_id"),
	CONSTRAINT "webhook_deliveries_status" CHECK ("notifications"."webhook_deliveries"."status" in ('pending', 'delivered', 'failed')),
	CONSTRAINT "webhook_deliveries_history" CHECK (jsonb_array_length("notifications"."webhook_deliveries"."history") <= 20),
	CONSTRAINT "webhook_deliveries_delivered" CHECK (("notifications"."webhook_deliveries"."status" = 'delivered') = ("notifications"."webhook_deliveries"."delivered_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "notifications"."webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"events" jsonb NOT NULL,
	"description" text NOT NULL,
	"status" text NOT NULL,
	"disabled_reason" text,
	"failing_since" timestamp (3) with time zone,
	"sealed_secret" text NOT NULL,
	"sealing_key_id" text NOT NULL,
	"former_sealed_secret" text,
	"former_sealing_key_id" text,
	"former_secret_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "webhook_endpoints_status" CHECK ("notifications"."webhook_endpoints"."status" in ('enabled', 'disabled')),
	CONSTRAINT "webhook_endpoints_disabled" CHECK (("notifications"."webhook_endpoints"."status" = 'disabled') = ("notifications"."webhook_endpoints"."disabled_reason" is not null)),
	CONSTRAINT "webhook_endpoints_reason" CHECK ("notifications"."webhook_endpoints"."disabled_reason" in ('by_staff', 'failing')),
	CONSTRAINT "webhook_endpoints_events" CHECK (jsonb_typeof("notifications"."webhook_endpoints"."events") = 'array' and "notifications"."webhook_endpoints"."events" <> '[]'),
	CONSTRAINT "webhook_endpoints_former" CHECK (num_nulls("notifications"."webhook_endpoints"."former_sealed_secret", "notifications"."webhook_endpoints"."former_sealing_key_id", "notifications"."webhook_endpoints"."former_secret_until") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "notifications"."webhook_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"key" text,
	"position" bigint NOT NULL,
	"sequence" bigint NOT NULL,
	"data" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "notifications"."event_deliveries" ADD CONSTRAINT "event_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "notifications"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications"."webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "notifications"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications"."webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_message_id_webhook_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "notifications"."webhook_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "email_templates_published" ON "notifications"."email_templates" USING btree ("name","locale") WHERE status = 'published';--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "notifications"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_unanswered" ON "notifications"."idempotency_keys" USING btree ("subject") WHERE answer is null and subject is not null;--> statement-breakpoint
CREATE INDEX "live_tickets_expiry" ON "notifications"."live_tickets" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "live_topics_age" ON "notifications"."live_topics" USING btree ("asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mails_once" ON "notifications"."mails" USING btree ("source","occasion","template","recipient");--> statement-breakpoint
CREATE INDEX "mails_age" ON "notifications"."mails" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "mails_of_address" ON "notifications"."mails" USING btree ("address_hash","created_at","id");--> statement-breakpoint
CREATE INDEX "event_deliveries_due" ON "notifications"."event_deliveries" USING btree ("consumer","next_attempt_at","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_order" ON "notifications"."event_deliveries" USING btree ("consumer","key","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_open" ON "notifications"."event_deliveries" USING btree ("status","event_id") WHERE status in ('pending', 'parked');--> statement-breakpoint
CREATE UNIQUE INDEX "events_change" ON "notifications"."events" USING btree ("key","type","sequence");--> statement-breakpoint
CREATE INDEX "events_age" ON "notifications"."events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_message" ON "notifications"."webhook_deliveries" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_list" ON "notifications"."webhook_deliveries" USING btree ("endpoint_id","created_at","message_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_open" ON "notifications"."webhook_deliveries" USING btree ("endpoint_id","position") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_order" ON "notifications"."webhook_deliveries" USING btree ("endpoint_id","key","position") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "notifications"."webhook_deliveries" USING btree ("next_attempt_at","endpoint_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_messages_age" ON "notifications"."webhook_messages" USING btree ("occurred_at","id");
--> statement-breakpoint
-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'notifications_service') THEN
    CREATE ROLE notifications_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA notifications TO notifications_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA notifications TO notifications_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA notifications TO notifications_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA notifications GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO notifications_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA notifications GRANT USAGE ON SEQUENCES TO notifications_service;
