CREATE SCHEMA "users";
--> statement-breakpoint
CREATE TABLE "users"."account_tokens" (
	"subject" text NOT NULL,
	"kind" text NOT NULL,
	"user_id" text,
	"token_id" text NOT NULL,
	"token_hash" text,
	"new_email" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "account_tokens_subject_kind_pk" PRIMARY KEY("subject","kind"),
	CONSTRAINT "account_tokens_new_email" CHECK ("users"."account_tokens"."new_email" is null or "users"."account_tokens"."kind" = 'email_change')
);
--> statement-breakpoint
CREATE TABLE "users"."addresses" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"address" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."former_emails" (
	"event_id" bigint PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"email" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."refresh_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users"."sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"device_hash" text,
	"device" text,
	"place" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"amr" text[] NOT NULL,
	"auth_time" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text,
	CONSTRAINT "sessions_ended" CHECK (("users"."sessions"."ended_at" is null) = ("users"."sessions"."end_reason" is null))
);
--> statement-breakpoint
CREATE TABLE "users"."users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"email_verified_at" timestamp (3) with time zone,
	"name" text,
	"locale" text,
	"phone" text,
	"marketing_consent_at" timestamp (3) with time zone,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"address_count" integer DEFAULT 0 NOT NULL,
	"default_shipping_address_id" text,
	"default_billing_address_id" text,
	CONSTRAINT "users_default_addresses" CHECK ("users"."users"."address_count" > 0
        or ("users"."users"."default_shipping_address_id" is null and "users"."users"."default_billing_address_id" is null)),
	CONSTRAINT "users_role" CHECK ("users"."users"."role" in ('customer', 'support', 'catalog_manager', 'fulfillment', 'finance', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "users"."event_deliveries" (
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
	CONSTRAINT "event_deliveries_status" CHECK ("users"."event_deliveries"."status" in ('pending', 'done', 'skipped', 'parked')),
	CONSTRAINT "event_deliveries_confirmed" CHECK (("users"."event_deliveries"."status" in ('done', 'skipped')) = ("users"."event_deliveries"."confirmed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "users"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"key" text NOT NULL,
	"sequence" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."idempotency_keys" (
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
CREATE TABLE "users"."admin_count" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"admins" integer NOT NULL,
	CONSTRAINT "admin_count_one_row" CHECK ("users"."admin_count"."id"),
	CONSTRAINT "admin_count_not_empty" CHECK ("users"."admin_count"."admins" >= 1)
);
--> statement-breakpoint
CREATE TABLE "users"."api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_kind" CHECK ("users"."api_keys"."kind" in ('secret', 'publishable')),
	CONSTRAINT "api_keys_scopes" CHECK (("users"."api_keys"."kind" = 'secret') = (cardinality("users"."api_keys"."scopes") > 0))
);
--> statement-breakpoint
CREATE TABLE "users"."audit" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"role" text,
	"method" text NOT NULL,
	"operation" text,
	"path" text,
	"resource_id" text,
	"request_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."audit_outcomes" (
	"audit_id" text PRIMARY KEY NOT NULL,
	"status" smallint NOT NULL,
	"created_id" text,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"accepted_by" text,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitations_one_end" CHECK ("users"."invitations"."accepted_at" is null or "users"."invitations"."revoked_at" is null)
);
--> statement-breakpoint
CREATE TABLE "users"."factors" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"type" text NOT NULL,
	"name" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"sealed_secret" text,
	"sealing_key_id" text,
	"last_step" bigint,
	"credential_id" text,
	"public_key" text,
	"sign_count" bigint,
	"transports" jsonb,
	"is_backed_up" boolean,
	CONSTRAINT "factors_totp" CHECK ("users"."factors"."type" <> 'totp' or ("users"."factors"."sealed_secret" is not null and "users"."factors"."sealing_key_id" is not null and "users"."factors"."last_step" is not null)),
	CONSTRAINT "factors_passkey" CHECK ("users"."factors"."type" <> 'passkey' or ("users"."factors"."credential_id" is not null and "users"."factors"."public_key" is not null and "users"."factors"."sign_count" is not null and "users"."factors"."transports" is not null and "users"."factors"."is_backed_up" is not null and "users"."factors"."confirmed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "users"."mfa_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"password_version" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users"."recovery_codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users"."spent_challenges" (
	"challenge_hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."customer_group_members" (
	"group_id" text NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "customer_group_members_group_id_user_id_pk" PRIMARY KEY("group_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "users"."customer_groups" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "customer_groups_name_length" CHECK (length("users"."customer_groups"."name") between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "users"."customer_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"author_id" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customer_notes_text_length" CHECK (length("users"."customer_notes"."text") between 1 and 5000)
);
--> statement-breakpoint
ALTER TABLE "users"."account_tokens" ADD CONSTRAINT "account_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."addresses" ADD CONSTRAINT "addresses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."former_emails" ADD CONSTRAINT "former_emails_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "users"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."former_emails" ADD CONSTRAINT "former_emails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "users"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."users" ADD CONSTRAINT "users_default_shipping_address_id_addresses_id_fk" FOREIGN KEY ("default_shipping_address_id") REFERENCES "users"."addresses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."users" ADD CONSTRAINT "users_default_billing_address_id_addresses_id_fk" FOREIGN KEY ("default_billing_address_id") REFERENCES "users"."addresses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."event_deliveries" ADD CONSTRAINT "event_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "users"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."api_keys" ADD CONSTRAINT "api_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."audit_outcomes" ADD CONSTRAINT "audit_outcomes_audit_id_audit_id_fk" FOREIGN KEY ("audit_id") REFERENCES "users"."audit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."invitations" ADD CONSTRAINT "invitations_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."factors" ADD CONSTRAINT "factors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."mfa_tokens" ADD CONSTRAINT "mfa_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."customer_group_members" ADD CONSTRAINT "customer_group_members_group_id_customer_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "users"."customer_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."customer_group_members" ADD CONSTRAINT "customer_group_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."customer_notes" ADD CONSTRAINT "customer_notes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_tokens_hash" ON "users"."account_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "account_tokens_user" ON "users"."account_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "account_tokens_expiry" ON "users"."account_tokens" USING btree ("expires_at") WHERE token_hash is not null;--> statement-breakpoint
CREATE INDEX "addresses_of_user" ON "users"."addresses" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "former_emails_user" ON "users"."former_emails" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_session" ON "users"."refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "users"."sessions" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "users"."sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users"."users" USING btree ("email_key");--> statement-breakpoint
CREATE INDEX "users_email_prefix" ON "users"."users" USING btree ("email_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_name_prefix" ON "users"."users" USING btree (lower("name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_newest" ON "users"."users" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "event_deliveries_due" ON "users"."event_deliveries" USING btree ("consumer","next_attempt_at","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_order" ON "users"."event_deliveries" USING btree ("consumer","key","event_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "event_deliveries_open" ON "users"."event_deliveries" USING btree ("status","event_id") WHERE status in ('pending', 'parked');--> statement-breakpoint
CREATE UNIQUE INDEX "events_change" ON "users"."events" USING btree ("key","type","sequence");--> statement-breakpoint
CREATE INDEX "events_age" ON "users"."events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "users"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_unanswered" ON "users"."idempotency_keys" USING btree ("subject") WHERE answer is null and subject is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash_unique" ON "users"."api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "audit_actor" ON "users"."audit" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_operation" ON "users"."audit" USING btree ("operation","id");--> statement-breakpoint
CREATE INDEX "audit_resource" ON "users"."audit" USING btree ("resource_id","id");--> statement-breakpoint
CREATE INDEX "audit_outcomes_created" ON "users"."audit_outcomes" USING btree ("created_id") WHERE created_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token_unique" ON "users"."invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "invitations_expiry" ON "users"."invitations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "factors_user" ON "users"."factors" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "factors_credential_unique" ON "users"."factors" USING btree ("credential_id");--> statement-breakpoint
CREATE UNIQUE INDEX "factors_unconfirmed_unique" ON "users"."factors" USING btree ("user_id") WHERE confirmed_at is null;--> statement-breakpoint
CREATE INDEX "mfa_tokens_user" ON "users"."mfa_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mfa_tokens_expiry" ON "users"."mfa_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "recovery_codes_user" ON "users"."recovery_codes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "spent_challenges_expiry" ON "users"."spent_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "customer_group_members_user" ON "users"."customer_group_members" USING btree ("user_id","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "customer_groups_name_unique" ON "users"."customer_groups" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "customer_notes_of_user" ON "users"."customer_notes" USING btree ("user_id","id");
--> statement-breakpoint
-- The service's role: its own schema and nothing else. It is made without a password; a deployment sets one
-- (scripts/migrate.ts does, from *_DATABASE_URL), and a local server trusts the loopback.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'users_service') THEN
    CREATE ROLE users_service LOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA users TO users_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA users TO users_service;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA users TO users_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA users GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO users_service;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA users GRANT USAGE ON SEQUENCES TO users_service;
--> statement-breakpoint
-- Counts the administrators in the statement that makes or ends one. Every writer passes here, whatever code it runs.
CREATE FUNCTION users.count_admins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  change integer := 0;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.role = 'admin' THEN change := change - 1; END IF;
  IF TG_OP <> 'DELETE' AND NEW.role = 'admin' THEN change := change + 1; END IF;
  IF change <> 0 THEN
    -- The row that is proposed is checked too, so it is a valid one: there is none only before the first administrator.
    INSERT INTO users.admin_count AS counted (id, admins) VALUES (true, 1)
    ON CONFLICT (id) DO UPDATE SET admins = counted.admins + change;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER users_count_admins AFTER INSERT OR UPDATE OF role OR DELETE ON users.users
FOR EACH ROW EXECUTE FUNCTION users.count_admins();
--> statement-breakpoint
-- Only the trigger counts.
REVOKE INSERT, UPDATE, DELETE ON users.admin_count FROM users_service;
--> statement-breakpoint
-- What staff did is append-only.
REVOKE UPDATE, DELETE ON users.audit, users.audit_outcomes FROM users_service;
