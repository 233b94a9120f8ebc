import type pg from 'pg'

/** A product as a test writes it into the tables, with what a list may be narrowed to. */
export type Goods = {
  name: string
  description?: string
  brand?: string
  tags?: string[]
  status?: 'active' | 'draft' | 'archived'
  attributes?: Record<string, string | number | boolean | string[]>
  translations?: Record<string, { name?: string; description?: string }>
  categoryIds?: number[]
  createdAt?: string
  variants: {
    sku?: string
    options?: Record<string, string>
    price: number
    currency?: string
    available?: number
    sold?: number
    isDeleted?: boolean
    sellsBelowZero?: boolean
  }[]
}

/** Adds products by SQL alone, in one statement, and returns their ids in order. */
export async function addGoods(admin: pg.Client, goods: Goods[]): Promise<number[]> {
  const { rows } = await admin.query<{ id: string }>(
    `with given as materialized (
       select nextval('catalog.products_id_seq') as id, one.number, one.goods
       from jsonb_array_elements($1::jsonb) with ordinality one (goods, number) order by one.number),
     made as (
       insert into catalog.products (id, slug, name, description, brand, tags, status, archived_at, attributes, translations, created_at, updated_at)
       overriding system value
       select id, 'goods-' || id, goods->>'name', coalesce(goods->>'description', ''), goods->>'brand',
         array(select jsonb_array_elements_text(coalesce(goods->'tags', '[]'))), coalesce(goods->>'status', 'active'),
         case when goods->>'status' = 'archived' then now() end, coalesce(goods->'attributes', '{}'), coalesce(goods->'translations', '{}'),
         coalesce((goods->>'createdAt')::timestamptz, now()), now()
       from given returning id, created_at, status),
     listed as (
       insert into catalog.product_categories (product_id, category_id, position, created_at, is_listed)
       select made.id, category.id::bigint, category.place, made.created_at, made.status = 'active' from made
       join given on given.id = made.id
       cross join jsonb_array_elements_text(coalesce(given.goods->'categoryIds', '[]')) with ordinality category (id, place)),
     sold as (
       insert into catalog.variants
         (product_id, position, sku, options, price, currency, available, stock_sequence, sold, deleted_at, inventory_policy)
       select given.id, one.place, one.variant->>'sku', coalesce(one.variant->'options', '{}'), (one.variant->>'price')::bigint,
         coalesce(one.variant->>'currency', 'USD'), coalesce((one.variant->>'available')::bigint, 1), 0,
         coalesce((one.variant->>'sold')::bigint, 0),
         case when (one.variant->>'isDeleted')::boolean then now() end,
         case when (one.variant->>'sellsBelowZero')::boolean then 'continue' else 'deny' end
       from given cross join jsonb_array_elements(given.goods->'variants') with ordinality one (variant, place))
     select id from given order by number`,
    [JSON.stringify(goods)],
  )
  return rows.map(({ id }) => Number(id))
}

/** Adds a category by SQL alone. */
export async function addCategory(admin: pg.Client, name: string, parentPath: number[] = []): Promise<number[]> {
  const { rows } = await admin.query<{ path: string[] }>(
    `insert into catalog.categories (id, parent_id, name, name_key, slug, position, path, created_at, updated_at)
     select id, ($2::bigint[])[cardinality($2::bigint[])], $1, lower($1), lower($1), id, $2::bigint[] || id, now(), now()
     from nextval('catalog.categories_id_seq') id returning path`,
    [name, parentPath],
  )
  return rows[0]?.path.map(Number) ?? []
}
