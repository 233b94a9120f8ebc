-- The text as it is searched: words of letters and digits in lower case, without accents, with single spaces. Text that
-- looks equal is equal (NFKC first). Chinese and Japanese have no spaces, so each of their characters is a word.
--
-- unaccent is only STABLE, since somebody could edit its dictionary. Here the dictionary is named and never edited.
CREATE FUNCTION catalog.search_text(text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(regexp_replace(
    lower(public.unaccent('public.unaccent'::regdictionary, normalize(text, NFKC))),
    '([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])', ' \1 ', 'g'), '[^[:alnum:]]+', ' ', 'g'))
$$;
--> statement-breakpoint
-- The words of a searched text, each marked as one of a name: they are found by their beginning, unstemmed.
CREATE FUNCTION catalog.name_words(plain text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array(SELECT '@' || word FROM unnest(string_to_array(plain, ' ')) word WHERE word <> ''))
$$;
--> statement-breakpoint
INSERT INTO catalog.search_settings (config) VALUES ('english');
--> statement-breakpoint
-- Writes what these products are found by. A term is a kind, a name and a value. Text of a shop has no control characters,
-- so U+001F separates them.
--
-- The rows are locked before anything is read, so that of two statements which
-- change parts of one product at once, the later one sees what the other has written.
CREATE FUNCTION catalog.refresh_search(changed_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  language text := (SELECT config FROM catalog.search_settings);
BEGIN
  IF cardinality(changed_ids) = 0 THEN RETURN; END IF;
  PERFORM FROM catalog.product_search WHERE product_id = ANY (changed_ids) ORDER BY product_id FOR NO KEY UPDATE;
  WITH listed AS (
    SELECT product.*, categories.ids AS category_ids, categories.names AS category_names, sold.skus, sold.is_in_stock,
      catalog.search_text(product.name) AS plain_name,
      array(
        SELECT DISTINCT concat_ws(E'\x1f', 'o', option.key, option.value) AS term
        FROM catalog.variants variant, jsonb_each_text(variant.options) option
        WHERE variant.product_id = product.id AND variant.deleted_at IS NULL ORDER BY term) AS option_terms,
      array(
        SELECT concat_ws(E'\x1f', 'a', attribute.key, item #>> '{}')
        FROM jsonb_each(product.attributes) attribute, jsonb_array_elements(
          CASE jsonb_typeof(attribute.value) WHEN 'array' THEN attribute.value ELSE jsonb_build_array(attribute.value) END) item
        WHERE length(item #>> '{}') <= 200) AS attribute_terms
    FROM catalog.products product
    CROSS JOIN LATERAL (
      SELECT array_agg(listed.category_id ORDER BY listed.category_id) AS ids, string_agg(category.name, ' ' ORDER BY listed.category_id) AS names
      FROM catalog.product_categories listed JOIN catalog.categories category ON category.id = listed.category_id
      WHERE listed.product_id = product.id) categories
    CROSS JOIN LATERAL (
      SELECT array_agg(variant.sku ORDER BY variant.id) FILTER (WHERE variant.sku IS NOT NULL) AS skus,
             coalesce(bool_or(variant.available > 0 OR variant.inventory_policy = 'continue'), false) AS is_in_stock
      FROM catalog.variants variant WHERE variant.product_id = product.id AND variant.deleted_at IS NULL) sold
    WHERE product.id = ANY (changed_ids)
  ), made AS (
    SELECT listed.*,
      catalog.search_text(concat_ws(' ', brand, array_to_string(tags, ' '), category_names, array_to_string(skus, ' '))) AS plain_labels,
      catalog.search_text(description) AS plain_description,
      CASE WHEN brand IS NULL THEN '{}' ELSE array[concat_ws(E'\x1f', 'b', brand)] END || option_terms || attribute_terms AS facet_values
    FROM listed
  ), words AS (
    INSERT INTO catalog.search_words (word)
    SELECT DISTINCT word FROM made, regexp_split_to_table(concat_ws(' ', plain_name, plain_labels, plain_description), ' ') word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '^[0-9]+$' ORDER BY word
    ON CONFLICT DO NOTHING
  )
  INSERT INTO catalog.product_search AS present
    (product_id, status, created_at, name_key, brand, brand_key, is_in_stock, category_ids, terms, facet_values, document, config)
  SELECT id, status, created_at, left(plain_name, 50), brand, catalog.search_text(brand), is_in_stock,
    coalesce(category_ids, '{}'),
    facet_values
      || array[concat_ws(E'\x1f', 's', is_in_stock::text), concat_ws(E'\x1f', 'n', left(lower(name), 1)),
               concat_ws(E'\x1f', 'n', left(lower(name), 2))]
      || array(SELECT concat_ws(E'\x1f', 't', tag) FROM unnest(tags) tag)
      || array(SELECT concat_ws(E'\x1f', 'c', category::text) FROM unnest(category_ids) category),
    facet_values,
    setweight(to_tsvector(language::regconfig, plain_name), 'A') || catalog.name_words(plain_name)
      || setweight(to_tsvector(language::regconfig, plain_labels), 'B')
      || array_to_tsvector(array(SELECT '#' || lower(sku) FROM unnest(skus) sku))
      || setweight(to_tsvector(language::regconfig, plain_description), 'C'),
    language
  FROM made ORDER BY id
  ON CONFLICT (product_id) DO UPDATE SET
    status = excluded.status, created_at = excluded.created_at, name_key = excluded.name_key, brand = excluded.brand,
    brand_key = excluded.brand_key, is_in_stock = excluded.is_in_stock, category_ids = excluded.category_ids,
    terms = excluded.terms, facet_values = excluded.facet_values, document = excluded.document, config = excluded.config
  WHERE present IS DISTINCT FROM excluded;
END $$;
--> statement-breakpoint
-- Makes a text search configuration the one of the shop, and writes the next products that were made with another.
-- Returns how many it has written; 0 once all have it.
CREATE FUNCTION catalog.keep_search_language(wanted text, batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  settings catalog.search_settings;
  ids bigint[];
BEGIN
  SELECT * INTO settings FROM catalog.search_settings;
  IF settings.config = wanted AND settings.indexed_up_to IS NULL THEN RETURN 0; END IF;
  SELECT * INTO settings FROM catalog.search_settings FOR UPDATE;
  IF settings.config <> wanted THEN settings.config := wanted; settings.indexed_up_to := 0; END IF;
  ids := array(
    SELECT product_id FROM catalog.product_search WHERE product_id > settings.indexed_up_to ORDER BY product_id LIMIT batch);
  UPDATE catalog.search_settings SET config = settings.config, indexed_up_to = ids[cardinality(ids)];
  PERFORM catalog.refresh_search(ids);
  RETURN cardinality(ids);
END $$;
--> statement-breakpoint
-- Writes the prices of these products from their variants, and whether they are listed.
CREATE FUNCTION catalog.refresh_prices(changed_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(changed_ids) = 0 THEN RETURN; END IF;
  PERFORM FROM catalog.product_search WHERE product_id = ANY (changed_ids) ORDER BY product_id FOR NO KEY UPDATE;
  WITH current AS (
    SELECT variant.product_id, variant.currency, min(variant.price) AS min_amount, max(variant.price) AS max_amount
    FROM catalog.variants variant WHERE variant.product_id = ANY (changed_ids) AND variant.deleted_at IS NULL GROUP BY 1, 2
  ), ended AS (
    UPDATE catalog.product_prices price SET valid_to = now()
    WHERE price.product_id = ANY (changed_ids) AND price.valid_to = 'infinity' AND price.valid_from < now() AND NOT EXISTS (
      SELECT FROM current
      WHERE (current.product_id, current.currency, current.min_amount, current.max_amount)
        = (price.product_id, price.currency, price.min_amount, price.max_amount))
  ), forgotten AS (
    DELETE FROM catalog.product_prices price
    WHERE price.product_id = ANY (changed_ids) AND price.valid_to < now() - interval '1 day'
  )
  INSERT INTO catalog.product_prices (product_id, currency, valid_from, min_amount, max_amount, is_listed)
  SELECT current.product_id, current.currency, now(), current.min_amount, current.max_amount, product.status = 'active'
  FROM current JOIN catalog.products product ON product.id = current.product_id
  WHERE NOT EXISTS (
    SELECT FROM catalog.product_prices price
    WHERE price.product_id = current.product_id AND price.currency = current.currency AND price.valid_to = 'infinity'
      AND price.min_amount = current.min_amount AND price.max_amount = current.max_amount)
  ORDER BY 1, 2
  ON CONFLICT (product_id, currency, valid_from) DO UPDATE SET
    min_amount = excluded.min_amount, max_amount = excluded.max_amount, valid_to = 'infinity';
  UPDATE catalog.product_prices price SET is_listed = product.status = 'active'
  FROM catalog.products product
  WHERE product.id = ANY (changed_ids) AND price.product_id = product.id AND price.is_listed <> (product.status = 'active');
END $$;
--> statement-breakpoint
-- A new product has no row here until its variants are written, in the same statement.
CREATE FUNCTION catalog.on_products() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := array(SELECT id FROM changed);
BEGIN
  PERFORM catalog.refresh_search(ids);
  PERFORM catalog.refresh_prices(ids);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_updated AFTER UPDATE ON catalog.products
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_products();
--> statement-breakpoint
CREATE FUNCTION catalog.on_added_variants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := array(SELECT DISTINCT product_id FROM changed);
BEGIN
  PERFORM catalog.refresh_search(ids);
  PERFORM catalog.refresh_prices(ids);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_added AFTER INSERT ON catalog.variants
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_added_variants();
--> statement-breakpoint
-- Most updates of a variant are sales, which change nothing here until the last unit is sold.
CREATE FUNCTION catalog.on_updated_variants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := array(
    SELECT DISTINCT now.product_id FROM changed now JOIN before ON before.id = now.id
    WHERE (now.available > 0, now.inventory_policy, now.sku, now.options, now.deleted_at IS NULL)
      IS DISTINCT FROM (before.available > 0, before.inventory_policy, before.sku, before.options, before.deleted_at IS NULL));
  priced bigint[] := array(
    SELECT DISTINCT now.product_id FROM changed now JOIN before ON before.id = now.id
    WHERE (now.price, now.currency, now.deleted_at IS NULL)
      IS DISTINCT FROM (before.price, before.currency, before.deleted_at IS NULL));
BEGIN
  PERFORM catalog.refresh_search(ids);
  PERFORM catalog.refresh_prices(priced);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_updated AFTER UPDATE ON catalog.variants
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_updated_variants();
--> statement-breakpoint
CREATE FUNCTION catalog.on_categories_of_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog.refresh_search(array(SELECT DISTINCT product_id FROM changed));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_categorized AFTER INSERT ON catalog.product_categories
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_categories_of_products();
--> statement-breakpoint
CREATE TRIGGER search_of_uncategorized AFTER DELETE ON catalog.product_categories
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_categories_of_products();
--> statement-breakpoint
CREATE FUNCTION catalog.on_renamed_categories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog.refresh_search(array(
    SELECT DISTINCT listed.product_id
    FROM changed now JOIN before ON before.id = now.id JOIN catalog.product_categories listed ON listed.category_id = now.id
    WHERE now.name <> before.name));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_renamed AFTER UPDATE ON catalog.categories
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_renamed_categories();
--> statement-breakpoint
CREATE INDEX categories_words ON catalog.categories USING gin (catalog.name_words(catalog.search_text(name)));
--> statement-breakpoint
-- Whether an active product matches. A common word is found among the newest; the limit of the other part is above what
-- Postgres expects to find, so it does not hope to meet a match soon and reads the index, not the table.
CREATE FUNCTION catalog.finds_active(query tsquery) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM (
      SELECT document FROM catalog.product_search WHERE status = 'active' ORDER BY created_at DESC, product_id DESC LIMIT 500) newest
    WHERE document @@ query)
  OR (SELECT count(*) > 0 FROM (
    SELECT FROM catalog.product_search WHERE document @@ query AND status = 'active' LIMIT 2000) found)
$$;
--> statement-breakpoint
-- The beginning of the last word, as a query; null where there is none to complete: after a space, in quotes, after a minus.
CREATE FUNCTION catalog.last_word_query(text text, language regconfig) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT to_tsquery(language, last || ':*') || ('@' || last || ':*')::tsquery
  FROM substring(text FROM '(?:^|\s)([[:alnum:]]+)$') last
  WHERE length(last) > 1 AND last <> 'or' AND length(replace(text, '"', '')) % 2 = length(text) % 2
$$;
--> statement-breakpoint
-- The query that a text means: words in any order, the last one also as a beginning, "phrases", or, -not, and the SKU that
-- the whole text is.
CREATE FUNCTION catalog.word_query(text text, language regconfig) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  -- Quotes and a minus before a word are operators; all other characters only separate words.
  marked text := regexp_replace(regexp_replace(
    lower(public.unaccent('public.unaccent'::regdictionary, normalize(text, NFKC))),
    '([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])', ' \1 ', 'g'), '[^[:alnum:]"\s-]+|(?<=\S)-|-(?![[:alnum:]])', ' ', 'g');
  asked tsquery := websearch_to_tsquery(language, marked);
  beginning tsquery := catalog.last_word_query(marked, language);
BEGIN
  -- A query that no index answers, such as one of only what is not wanted, would read all products.
  IF querytree(asked) = 'T' THEN asked := plainto_tsquery(language, catalog.search_text(text)); END IF;
  IF beginning IS NOT NULL THEN
    asked := asked || (websearch_to_tsquery(language, regexp_replace(marked, '[[:alnum:]]+$', '')) && beginning);
  END IF;
  IF length(text) <= 100 THEN
    asked := asked || format('''#%s''', replace(replace(lower(btrim(text)), '\', '\\'), '''', ''''''))::tsquery;
  END IF;
  RETURN asked;
END $$;
--> statement-breakpoint
-- The query of a text. If it finds nothing: of words that have its words as a part. If that finds nothing, either: of the
-- words most similar to its words, stop words left out, and then it is corrected.
CREATE FUNCTION catalog.search_query(text text) RETURNS TABLE (query tsquery, corrected boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
  language regconfig := (SELECT config FROM catalog.search_settings);
  plain text[] := array(
    SELECT DISTINCT word FROM regexp_split_to_table(catalog.search_text(text), ' ') word WHERE word <> '' ORDER BY word);
  asked tsquery := catalog.word_query(text, language);
  parts tsquery;
  similars tsquery;
  asked_word text;
  part tsquery;
  found text;
BEGIN
  corrected := false;
  query := asked;
  IF catalog.finds_active(asked) OR cardinality(plain) NOT BETWEEN 1 AND 8 THEN RETURN NEXT; RETURN; END IF;
  FOREACH asked_word IN ARRAY plain LOOP
    part := plainto_tsquery(language, asked_word);
    IF length(asked_word) > 2 THEN
      FOR found IN SELECT known.word FROM catalog.search_words known WHERE known.word LIKE '%' || asked_word || '%' ORDER BY length(known.word), known.word LIMIT 20 LOOP
        part := part || plainto_tsquery(language, found);
      END LOOP;
    END IF;
    parts := coalesce(parts && part, part);
  END LOOP;
  IF catalog.finds_active(parts) THEN query := parts; RETURN NEXT; RETURN; END IF;
  FOREACH asked_word IN ARRAY plain LOOP
    SELECT known.word INTO found FROM catalog.search_words known
    WHERE known.word % asked_word AND similarity(known.word, asked_word) >= 0.4
      AND numnode(plainto_tsquery(language, known.word)) > 0
    ORDER BY similarity(known.word, asked_word) DESC, known.word LIMIT 1;
    part := plainto_tsquery(language, coalesce(found, asked_word));
    similars := coalesce(similars && part, part);
  END LOOP;
  IF catalog.finds_active(similars) THEN query := similars; corrected := true; END IF;
  RETURN NEXT;
END $$;
