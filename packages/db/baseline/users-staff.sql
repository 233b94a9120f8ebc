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
