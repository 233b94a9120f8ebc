/** A large catalogue: 100,000 products with 300,000 variants in 200 categories, three deep. */
const CATALOGUE_SIZE = 100_000

const list = (words: string) => `string_to_array('${words}', ' ')`
const ADJECTIVES = list(
  'blue red green black white soft light warm dry long short wide classic modern rustic urban alpine vintage',
)
const NOUNS = list(
  'shirt jacket boots mug kettle lamp chair table backpack tent bottle knife scarf gloves blanket pillow clock vase',
)
const MATERIALS = list('cotton wool linen leather steel glass oak plastic')
const COLORS = list('black white red blue green yellow brown grey pink orange')
const SIZES = list('XS S M L XL')

/** Picks an element by a number. */
const pick = (words: string, n: string) => `(${words})[1 + (${n})::int % cardinality(${words})]`
/** A number that depends on `n` without a pattern. */
const mixed = (salt: number) => `(abs(hashint8(n * 31 + ${salt})) % 1000000)`

/** SQL that fills an empty catalogue: `large` is named by one product in four, `made` and `many` by all, `antique-77` by few. */
export const FILL_CATALOGUE = `
  with tree as (
    insert into catalog.categories (id, parent_id, name, name_key, slug, position, path, created_at, updated_at)
    select id, path[cardinality(path) - 1], name, name, name, id, path, now(), now()
    from (
      select n as id, 'category-' || n as name, case
        when n <= 8 then array[n]
        when n <= 40 then array[1 + n % 8, n]
        else array[1 + (9 + n % 32) % 8, 9 + n % 32, n] end::bigint[] as path
      from generate_series(1, 200) n) numbered
    returning id),
  made as (
    insert into catalog.products (name, slug, description, brand, tags, attributes, options, created_at, updated_at)
    select initcap(${pick(ADJECTIVES, mixed(1))}) || ' ' || ${pick(MATERIALS, mixed(2))} || ' ' || ${pick(NOUNS, mixed(3))} || ' ' || n,
      'product-' || n, 'Number ' || n || ' of many' || case n % 4 when 0 then ', large' else '' end || ', made of ' || md5(n::text),
      'Brand ' || ${mixed(4)} % 200,
      array['tag-' || ${mixed(5)} % 50],
      jsonb_build_object('material', ${pick(MATERIALS, mixed(2))}, 'season', ${pick(list('spring summer autumn winter'), mixed(6))}),
      '[{"name": "color", "values": []}, {"name": "size", "values": []}]',
      now() - n * interval '1 second', now()
    from generate_series(1, ${CATALOGUE_SIZE}) n returning id, created_at),
  listed as (
    insert into catalog.product_categories (product_id, category_id, position, created_at)
    select made.id, 41 + made.id % 160, 0, made.created_at from made join tree on tree.id = 41 + made.id % 160)
  insert into catalog.variants (product_id, position, sku, options, price, currency, opening_stock, available, stock_sequence, sold)
  select n, variant, 'SKU-' || n || '-' || variant,
    jsonb_build_object('color', ${pick(COLORS, `${mixed(7)} + variant`)}, 'size', ${pick(SIZES, `${mixed(8)} + variant`)}),
    500 + ${mixed(9)} % 20000 + variant * 100, 'USD', case when ${mixed(10)} % 10 = 0 then 0 else 10 end, case when ${mixed(10)} % 10 = 0 then 0 else 10 end, 0, ${mixed(11)} % 1000
  from (select id as n from made) numbered, generate_series(0, 2) variant`

export const DECLARE_ATTRIBUTES = `
  insert into catalog.attributes (key, label, type, is_filterable, created_at, updated_at)
  values ('material', 'Material', 'text', true, now(), now()), ('season', 'Season', 'text', true, now(), now())`

/** What the triggers write, for all products at once. */
export const FILL_SEARCH = `
  select catalog.refresh_search(array(select id from catalog.products)),
         catalog.refresh_prices(array(select id from catalog.products)),
         catalog.refresh_sales(array(select id from catalog.products))`
