import { type SQL, sql } from 'drizzle-orm'

/**
 * Statement parts: the keys of events. Products and variants are both numbered from 1, so a key says which it names:
 * otherwise a product's event would wait for one of an unrelated variant.
 */
export const productKey = (id: SQL): SQL => sql`'product:' || ${id}`
export const variantKey = (id: SQL): SQL => sql`'variant:' || ${id}`
