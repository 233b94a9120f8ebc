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
-- The text search configuration of a locale's language; the one that stems no word for a language without its own.
CREATE FUNCTION catalog.search_language(locale text) RETURNS regconfig LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce((SELECT config FROM (VALUES
    ('ar', 'arabic'), ('ca', 'catalan'), ('da', 'danish'), ('de', 'german'), ('el', 'greek'), ('en', 'english'),
    ('es', 'spanish'), ('et', 'estonian'), ('eu', 'basque'), ('fi', 'finnish'), ('fr', 'french'), ('ga', 'irish'),
    ('hi', 'hindi'), ('hu', 'hungarian'), ('hy', 'armenian'), ('id', 'indonesian'), ('it', 'italian'),
    ('lt', 'lithuanian'), ('nb', 'norwegian'), ('ne', 'nepali'), ('nl', 'dutch'), ('nn', 'norwegian'),
    ('no', 'norwegian'), ('pt', 'portuguese'), ('ro', 'romanian'), ('ru', 'russian'), ('sr', 'serbian'),
    ('sv', 'swedish'), ('ta', 'tamil'), ('tr', 'turkish'), ('yi', 'yiddish')
  ) known (language, config) WHERE known.language = split_part(locale, '-', 1)), 'simple')::regconfig
$$;
--> statement-breakpoint
-- The document of the translated texts of a product, each in its language, and all of them as they are searched.
CREATE FUNCTION catalog.translated_document(translations jsonb, OUT document tsvector, OUT plain text)
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  locale text;
  texts jsonb;
  language regconfig;
  plain_name text;
  plain_description text;
BEGIN
  document := '';
  plain := '';
  FOR locale, texts IN SELECT key, value FROM jsonb_each(translations) ORDER BY key LOOP
    language := catalog.search_language(locale);
    plain_name := catalog.search_text(coalesce(texts->>'name', ''));
    plain_description := catalog.search_text(coalesce(texts->>'description', ''));
    document := document || setweight(to_tsvector(language, plain_name), 'A') || catalog.name_words(plain_name)
      || setweight(to_tsvector(language, plain_description), 'C');
    plain := concat_ws(' ', plain, plain_name, plain_description);
  END LOOP;
END $$;
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
      translated.document AS translated_document, translated.plain AS plain_translations,
      CASE WHEN brand IS NULL THEN '{}' ELSE array[concat_ws(E'\x1f', 'b', brand)] END || option_terms || attribute_terms AS facet_values
    FROM listed CROSS JOIN LATERAL catalog.translated_document(listed.translations) translated
  ), words AS (
    INSERT INTO catalog.search_words (word)
    SELECT DISTINCT word FROM made, regexp_split_to_table(concat_ws(' ', plain_name, plain_labels, plain_description, plain_translations), ' ') word
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
      || setweight(to_tsvector(language::regconfig, plain_description), 'C') || translated_document,
    language
  FROM made ORDER BY id
  ON CONFLICT (product_id) DO UPDATE SET
    status = excluded.status, created_at = excluded.created_at, name_key = excluded.name_key, brand = excluded.brand,
    brand_key = excluded.brand_key, is_in_stock = excluded.is_in_stock, category_ids = excluded.category_ids,
    terms = excluded.terms, facet_values = excluded.facet_values, document = excluded.document, config = excluded.config
  WHERE present IS DISTINCT FROM excluded;
END $$;
--> statement-breakpoint
-- The same for a change that may be of any number of products: of more than 500 the sweep writes them later.
CREATE FUNCTION catalog.refresh_search_of_many(changed_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(changed_ids) <= 500 THEN PERFORM catalog.refresh_search(changed_ids); RETURN; END IF;
  INSERT INTO catalog.search_stale (product_id)
  SELECT product.id FROM catalog.products product WHERE product.id = ANY (changed_ids) ORDER BY product.id
  ON CONFLICT DO NOTHING;
END $$;
--> statement-breakpoint
-- Makes a text search configuration the one of the shop, and writes the next products that are out of date. Returns how
-- many it has written; 0 once all are written.
CREATE FUNCTION catalog.catch_up_search(wanted text, batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[];
BEGIN
  IF (SELECT config FROM catalog.search_settings) <> wanted THEN
    UPDATE catalog.search_settings SET config = wanted;
    INSERT INTO catalog.search_stale (product_id)
    SELECT product_id FROM catalog.product_search WHERE config <> wanted ORDER BY product_id ON CONFLICT DO NOTHING;
  END IF;
  WITH next AS (
    SELECT product_id FROM catalog.search_stale ORDER BY product_id LIMIT batch FOR UPDATE SKIP LOCKED
  ), taken AS (
    DELETE FROM catalog.search_stale stale USING next WHERE stale.product_id = next.product_id RETURNING stale.product_id
  )
  SELECT coalesce(array_agg(product_id), '{}') INTO ids FROM taken;
  PERFORM catalog.refresh_search(ids);
  RETURN cardinality(ids);
END $$;
--> statement-breakpoint
-- Writes the prices of these products from their variants, from now on, and whether they are listed. What was in force
-- before stays for a day, so that a list sorted by price can go on.
CREATE FUNCTION catalog.refresh_prices(changed_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(changed_ids) = 0 THEN RETURN; END IF;
  PERFORM FROM catalog.product_search WHERE product_id = ANY (changed_ids) ORDER BY product_id FOR NO KEY UPDATE;
  DELETE FROM catalog.product_prices price
  WHERE price.product_id = ANY (changed_ids) AND (price.valid_to < now() - interval '1 day' OR price.valid_from >= now());
  WITH wanted AS (
    SELECT span.product_id, span.currency, greatest(span.valid_from, now()) AS valid_from, span.valid_to, span.min_amount,
           span.max_amount
    FROM catalog.product_price_intervals(changed_ids) span WHERE span.valid_to > now()
  ), in_force AS (
    SELECT price.product_id, price.currency, price.valid_from, wanted.valid_to AS wanted_to
    FROM catalog.product_prices price LEFT JOIN wanted
      ON (wanted.product_id, wanted.currency, wanted.min_amount, wanted.max_amount)
        = (price.product_id, price.currency, price.min_amount, price.max_amount) AND wanted.valid_from = now()
    WHERE price.product_id = ANY (changed_ids) AND price.valid_to > now()
  ), ended AS (
    UPDATE catalog.product_prices price SET valid_to = coalesce(in_force.wanted_to, now())
    FROM in_force
    WHERE (in_force.product_id, in_force.currency, in_force.valid_from) = (price.product_id, price.currency, price.valid_from)
      AND price.valid_to <> coalesce(in_force.wanted_to, now())
  )
  INSERT INTO catalog.product_prices (product_id, currency, valid_from, valid_to, min_amount, max_amount, is_listed)
  SELECT wanted.product_id, wanted.currency, wanted.valid_from, wanted.valid_to, wanted.min_amount, wanted.max_amount,
         product.status = 'active'
  FROM wanted JOIN catalog.products product ON product.id = wanted.product_id
  WHERE NOT EXISTS (
    SELECT FROM in_force
    WHERE in_force.product_id = wanted.product_id AND in_force.currency = wanted.currency AND in_force.wanted_to IS NOT NULL
      AND wanted.valid_from = now())
  ORDER BY 1, 2, 3;
  UPDATE catalog.product_prices price SET is_listed = product.status = 'active'
  FROM catalog.products product
  WHERE product.id = ANY (changed_ids) AND price.product_id = product.id AND price.is_listed <> (product.status = 'active');
END $$;
--> statement-breakpoint
-- Writes how many units of these products were sold, and whether they are listed.
CREATE FUNCTION catalog.refresh_sales(changed_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(changed_ids) = 0 THEN RETURN; END IF;
  PERFORM FROM catalog.product_sales WHERE product_id = ANY (changed_ids) ORDER BY product_id FOR NO KEY UPDATE;
  INSERT INTO catalog.product_sales AS present (product_id, sold, is_listed)
  SELECT product.id, coalesce((SELECT sum(variant.sold) FROM catalog.variants variant WHERE variant.product_id = product.id), 0),
         product.status = 'active'
  FROM catalog.products product WHERE product.id = ANY (changed_ids) ORDER BY product.id
  ON CONFLICT (product_id) DO UPDATE SET sold = excluded.sold, is_listed = excluded.is_listed
  WHERE (present.sold, present.is_listed) <> (excluded.sold, excluded.is_listed);
END $$;
--> statement-breakpoint
-- A new product has no row here until its variants are written, in the same statement.
CREATE FUNCTION catalog.on_products() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := array(SELECT id FROM changed);
BEGIN
  PERFORM catalog.refresh_search(ids);
  PERFORM catalog.refresh_prices(ids);
  PERFORM catalog.refresh_sales(ids);
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
  PERFORM catalog.refresh_sales(ids);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_added AFTER INSERT ON catalog.variants
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_added_variants();
--> statement-breakpoint
-- Most updates of a variant are sales. Until the last unit is sold they change only how many were.
CREATE FUNCTION catalog.on_updated_variants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[] := array(
    SELECT DISTINCT now.product_id FROM changed now JOIN before ON before.id = now.id
    WHERE (now.available > 0, now.inventory_policy, now.sku, now.options, now.deleted_at IS NULL)
      IS DISTINCT FROM (before.available > 0, before.inventory_policy, before.sku, before.options, before.deleted_at IS NULL));
  priced bigint[] := array(
    SELECT DISTINCT now.product_id FROM changed now JOIN before ON before.id = now.id
    WHERE (now.price, now.currency, now.prices, now.deleted_at IS NULL)
      IS DISTINCT FROM (before.price, before.currency, before.prices, before.deleted_at IS NULL));
  sold bigint[] := array(
    SELECT DISTINCT now.product_id FROM changed now JOIN before ON before.id = now.id WHERE now.sold <> before.sold);
BEGIN
  PERFORM catalog.refresh_search(ids);
  PERFORM catalog.refresh_prices(priced);
  PERFORM catalog.refresh_sales(sold);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER search_of_updated AFTER UPDATE ON catalog.variants
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog.on_updated_variants();
--> statement-breakpoint
CREATE FUNCTION catalog.on_categories_of_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog.refresh_search_of_many(array(SELECT DISTINCT product_id FROM changed));
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
  PERFORM catalog.refresh_search_of_many(array(
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
-- The languages that a text is searched in: the shop's own, and that of the locale.
CREATE FUNCTION catalog.searched_languages(locale text) RETURNS regconfig[] LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN catalog.search_language(locale)::text <> config
    THEN array[config::regconfig, catalog.search_language(locale)] ELSE array[config::regconfig] END
  FROM catalog.search_settings
$$;
--> statement-breakpoint
-- All the words of a text, in any one of the languages.
CREATE FUNCTION catalog.plain_query(text text, languages regconfig[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  language regconfig;
  asked tsquery := '';
BEGIN
  FOREACH language IN ARRAY languages LOOP asked := asked || plainto_tsquery(language, text); END LOOP;
  RETURN asked;
END $$;
--> statement-breakpoint
-- The query that a text means in any one of the languages: words in any order, the last one also as a beginning, "phrases",
-- or, -not, and the SKU that the whole text is.
CREATE FUNCTION catalog.word_query(text text, languages regconfig[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  -- Quotes and a minus before a word are operators; all other characters only separate words.
  marked text := regexp_replace(regexp_replace(
    lower(public.unaccent('public.unaccent'::regdictionary, normalize(text, NFKC))),
    '([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])', ' \1 ', 'g'), '[^[:alnum:]"\s-]+|(?<=\S)-|-(?![[:alnum:]])', ' ', 'g');
  before_last text := regexp_replace(marked, '[[:alnum:]]+$', '');
  language regconfig;
  asked tsquery;
  beginning tsquery;
  begun tsquery;
  whole tsquery := '';
BEGIN
  FOREACH language IN ARRAY languages LOOP
    asked := websearch_to_tsquery(language, marked);
    -- A query that no index answers, such as one of only what is not wanted, would read all products.
    IF querytree(asked) = 'T' THEN asked := plainto_tsquery(language, catalog.search_text(text)); END IF;
    beginning := catalog.last_word_query(marked, language);
    IF beginning IS NOT NULL THEN
      begun := websearch_to_tsquery(language, before_last) && beginning;
      -- Without operators, and unless the last word is a stop word, what has it as a beginning includes what has it whole.
      asked := CASE
        WHEN marked !~ '["-]|\mor\M' AND numnode(plainto_tsquery(language, substr(marked, length(before_last) + 1))) > 0 THEN begun
        ELSE asked || begun END;
    END IF;
    whole := whole || asked;
  END LOOP;
  IF length(text) <= 100 THEN
    whole := whole || format('''#%s''', replace(replace(lower(btrim(text)), '\', '\\'), '''', ''''''))::tsquery;
  END IF;
  RETURN whole;
END $$;
--> statement-breakpoint
-- The query of a text. If it finds nothing: of words that have its words as a part. If that finds nothing, either: of the
-- words most similar to its words, stop words left out, and then it is corrected.
CREATE FUNCTION catalog.search_query(text text, locale text) RETURNS TABLE (query tsquery, corrected boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
  languages regconfig[] := catalog.searched_languages(locale);
  plain text[] := array(
    SELECT DISTINCT word FROM regexp_split_to_table(catalog.search_text(text), ' ') word WHERE word <> '' ORDER BY word);
  asked tsquery := catalog.word_query(text, languages);
  parts tsquery;
  similars tsquery;
  asked_word text;
  part tsquery;
  found text;
BEGIN
  corrected := false;
  query := asked;
  -- Parts and similar words would find just what a minus leaves out.
  IF catalog.finds_active(asked) OR cardinality(plain) NOT BETWEEN 1 AND 8 OR text ~ '(?:^|\s)-[[:alnum:]]' THEN
    RETURN NEXT;
    RETURN;
  END IF;
  FOREACH asked_word IN ARRAY plain LOOP
    part := catalog.plain_query(asked_word, languages);
    IF length(asked_word) > 2 THEN
      FOR found IN SELECT known.word FROM catalog.search_words known WHERE known.word LIKE '%' || asked_word || '%' ORDER BY length(known.word), known.word LIMIT 20 LOOP
        part := part || catalog.plain_query(found, languages);
      END LOOP;
    END IF;
    parts := coalesce(parts && part, part);
  END LOOP;
  IF catalog.finds_active(parts) THEN query := parts; RETURN NEXT; RETURN; END IF;
  FOREACH asked_word IN ARRAY plain LOOP
    SELECT known.word INTO found FROM catalog.search_words known
    WHERE known.word % asked_word AND similarity(known.word, asked_word) >= 0.4
      AND numnode(catalog.plain_query(known.word, languages)) > 0
    ORDER BY similarity(known.word, asked_word) DESC, known.word LIMIT 1;
    part := catalog.plain_query(coalesce(found, asked_word), languages);
    similars := coalesce(similars && part, part);
  END LOOP;
  IF catalog.finds_active(similars) THEN query := similars; corrected := true; END IF;
  RETURN NEXT;
END $$;
