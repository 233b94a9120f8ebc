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
CREATE TABLE "notifications"."live_tickets" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"topics" text[] NOT NULL,
	"user_id" text,
	"session_id" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "live_tickets_session" CHECK (("notifications"."live_tickets"."user_id" is null) = ("notifications"."live_tickets"."session_id" is null))
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
CREATE TABLE "notifications"."suppressions" (
	"address_hash" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "suppressions_reason" CHECK ("notifications"."suppressions"."reason" in ('bounced', 'complained'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "email_templates_published" ON "notifications"."email_templates" USING btree ("name","locale") WHERE status = 'published';--> statement-breakpoint
CREATE INDEX "live_tickets_expiry" ON "notifications"."live_tickets" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "live_topics_age" ON "notifications"."live_topics" USING btree ("asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mails_once" ON "notifications"."mails" USING btree ("source","occasion","template","recipient");--> statement-breakpoint
CREATE INDEX "mails_age" ON "notifications"."mails" USING btree ("created_at");
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
