import { type SQL, sql } from 'drizzle-orm'

/**
 * Statement parts: the keys of events. Products, variants and the rest are all numbered from 1, so a key says which it
 * names: otherwise a product's event would wait for one of an unrelated variant.
 */
export const productKey = (id: SQL): SQL => sql`'product:' || ${id}`
export const variantKey = (id: SQL): SQL => sql`'variant:' || ${id}`
export const categoryKey = (id: SQL): SQL => sql`'category:' || ${id}`
export const collectionKey = (id: SQL): SQL => sql`'collection:' || ${id}`
export const attributeKey = (id: SQL): SQL => sql`'attribute:' || ${id}`
