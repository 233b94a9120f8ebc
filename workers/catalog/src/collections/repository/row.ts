import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Metadata } from '@shop/kernel/metadata'
import { type SQL, sql } from 'drizzle-orm'
import type { Collection } from '../domain/collection.ts'
import type { CollectionRule } from '../domain/rule.ts'

/** A collection as a statement returns it: a bigint is a text. */
export type CollectionRow = {
  id: string
  name: string
  slug: string
  kind: 'manual' | 'rule'
  rule_tags: string[] | null
  rule_brands: string[] | null
  rule_category_ids: string[] | null
  rule_currency: string | null
  rule_price_min: string | null
  rule_price_max: string | null
  rule_in_stock: boolean | null
  rule_created_within_days: number | null
  metadata: Metadata
  created_at: string
  updated_at: string
  version: number
}

export function toCollection(row: CollectionRow): Collection {
  return {
    id: Number(row.id),
    name: row.name,
    slug: row.slug,
    rule: row.kind === 'manual' ? null : toRule(row),
    metadata: row.metadata,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    version: row.version,
  }
}

function toRule(row: CollectionRow): CollectionRule {
  const { rule_currency: currency, rule_price_min: min, rule_price_max: max } = row
  return {
    ...(row.rule_tags === null ? {} : { tags: row.rule_tags }),
    ...(row.rule_brands === null ? {} : { brands: row.rule_brands }),
    ...(row.rule_category_ids === null ? {} : { categoryIds: row.rule_category_ids.map(Number) }),
    ...(currency === null
      ? {}
      : {
          price: {
            // Only a CurrencyCode is ever written to the column.
            currency: currency as CurrencyCode,
            ...(min === null ? {} : { min: Number(min) }),
            ...(max === null ? {} : { max: Number(max) }),
          },
        }),
    ...(row.rule_in_stock === null ? {} : { inStock: row.rule_in_stock }),
    ...(row.rule_created_within_days === null ? {} : { createdWithinDays: row.rule_created_within_days }),
  }
}

/** The columns of a rule and their values; all null for a manual collection. */
export function ruleValues(rule: CollectionRule | null): [column: string, value: SQL][] {
  const { tags, brands, categoryIds, price, inStock, createdWithinDays } = rule ?? {}
  return [
    ['rule_tags', sql`${textArray(tags)}::text[]`],
    ['rule_brands', sql`${textArray(brands)}::text[]`],
    ['rule_category_ids', sql`${categoryIds === undefined ? null : `{${categoryIds.join()}}`}::bigint[]`],
    ['rule_currency', sql`${price?.currency ?? null}::char(3)`],
    ['rule_price_min', sql`${price?.min ?? null}::bigint`],
    ['rule_price_max', sql`${price?.max ?? null}::bigint`],
    ['rule_in_stock', sql`${inStock ?? null}::boolean`],
    ['rule_created_within_days', sql`${createdWithinDays ?? null}::int`],
  ]
}

/** A literal of text[], since a parameter is one text. */
function textArray(texts: string[] | undefined): string | null {
  if (texts === undefined) return null
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join()}}`
}
