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
--> statement-breakpoint
-- The prices of a variant over time: what it costs in a currency from `valid_from` until before `valid_to`, without the times
-- at which it is not sold in it. It has the rule of `priceAt` (workers/catalog/src/prices/domain/price-at.ts).
CREATE FUNCTION catalog.price_intervals(first_currency text, price bigint, prices jsonb)
RETURNS TABLE (currency text, valid_from timestamptz, valid_to timestamptz, amount bigint) LANGUAGE sql STABLE AS $$
  WITH entry AS (
    SELECT first_currency AS currency, price AS amount, '-infinity'::timestamptz AS starts, 'infinity'::timestamptz AS ends,
           false AS is_scheduled, 0 AS place
    UNION ALL
    SELECT further.value->>'currency', (further.value->>'amount')::bigint,
           coalesce((further.value->>'starts_at')::timestamptz, '-infinity'),
           coalesce((further.value->>'ends_at')::timestamptz, 'infinity'),
           coalesce(further.value->>'starts_at', further.value->>'ends_at') IS NOT NULL, further.place
    FROM jsonb_array_elements(prices) WITH ORDINALITY AS further (value, place)
  ), edge AS (
    SELECT entry.currency, entry.starts AS at FROM entry UNION SELECT entry.currency, entry.ends FROM entry
  ), span AS (
    SELECT edge.currency, edge.at AS starts, lead(edge.at) OVER (PARTITION BY edge.currency ORDER BY edge.at) AS ends FROM edge
  )
  SELECT span.currency, span.starts, span.ends, in_force.amount
  FROM span CROSS JOIN LATERAL (
    SELECT entry.amount FROM entry
    WHERE entry.currency = span.currency AND entry.starts <= span.starts AND span.starts < entry.ends
    ORDER BY entry.is_scheduled DESC, entry.starts DESC, entry.place DESC LIMIT 1) in_force
  WHERE span.ends IS NOT NULL
$$;
--> statement-breakpoint
-- The lowest and the highest price of a product over time, of all its variants together.
CREATE FUNCTION catalog.product_price_intervals(product_ids bigint[])
RETURNS TABLE (product_id bigint, currency text, valid_from timestamptz, valid_to timestamptz, min_amount bigint, max_amount bigint)
LANGUAGE sql STABLE AS $$
  WITH price AS (
    SELECT variant.product_id, variant.currency::text, '-infinity'::timestamptz AS valid_from,
           'infinity'::timestamptz AS valid_to, variant.price AS amount
    FROM catalog.variants variant
    WHERE variant.product_id = ANY (product_ids) AND variant.deleted_at IS NULL AND variant.prices = '[]'
    UNION ALL
    SELECT variant.product_id, of_variant.*
    FROM catalog.variants variant
    CROSS JOIN LATERAL catalog.price_intervals(variant.currency, variant.price, variant.prices) of_variant
    WHERE variant.product_id = ANY (product_ids) AND variant.deleted_at IS NULL AND variant.prices <> '[]'
  ), edge AS (
    SELECT price.product_id, price.currency, price.valid_from AS at FROM price
    UNION SELECT price.product_id, price.currency, price.valid_to FROM price
  ), span AS (
    SELECT edge.product_id, edge.currency, edge.at AS starts,
           lead(edge.at) OVER (PARTITION BY edge.product_id, edge.currency ORDER BY edge.at) AS ends
    FROM edge
  )
  SELECT span.product_id, span.currency, span.starts, span.ends, min(price.amount), max(price.amount)
  FROM span JOIN price ON price.product_id = span.product_id AND price.currency = span.currency
    AND price.valid_from <= span.starts AND span.ends <= price.valid_to
  GROUP BY span.product_id, span.currency, span.starts, span.ends
$$;
